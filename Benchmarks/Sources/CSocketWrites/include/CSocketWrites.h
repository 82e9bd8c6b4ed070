// SPDX-License-Identifier: Apache-2.0

#ifndef CSOCKETWRITES_H
#define CSOCKETWRITES_H

/// How often this process has written to a socket so far.
long socket_writes(void);

#endif
