# SPDX-License-Identifier: Apache-2.0
# Two stages: the first builds the program with the Swift toolchain, the second contains only the program and its libraries.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libhiredis-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Only the manifest, so that a change of the sources does not invalidate the layer with the dependencies.
COPY Package.* ./
RUN swift package resolve
COPY Sources Sources
COPY Tests Tests
COPY TestSupport TestSupport
RUN swift build --configuration release --product otp --static-swift-stdlib \
    && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/otp" /out/otp

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libhiredis0.14 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 65532 --no-create-home --shell /usr/sbin/nologin otp
COPY LICENSE NOTICE /usr/share/doc/swift-otp/
COPY --from=build /out/otp /usr/local/bin/otp
USER 65532:65532
ENTRYPOINT ["otp"]
CMD ["emulator", "--port", "8026"]
# Checks the emulator, which is the default command of this image. A service with another command sets its own check.
# The output is discarded, because it contains phone numbers and codes.
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=5 \
    CMD otp inbox list --limit 1 --inbox-url http://127.0.0.1:8026 >/dev/null
