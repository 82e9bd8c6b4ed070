// SPDX-License-Identifier: Apache-2.0

#ifndef CSOCKETWRITES_H
#define CSOCKETWRITES_H

/// Returns the number of writes to sockets by this process so far.
long socket_writes(void);

#endif
