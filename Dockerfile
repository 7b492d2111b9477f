# The image of the controller: built with Swift's own image, run on Debian's, as an account without rights.
#
#     docker build --tag registry.example.org/sluice:0.1.0 .
#
# Private registries and mirrors name their own bases: --build-arg SWIFT_IMAGE=… --build-arg DEBIAN_IMAGE=…
ARG SWIFT_IMAGE=docker.io/library/swift:6.3.1-bookworm
ARG DEBIAN_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        binutils git libgit2-dev libpg-query-dev libpq-dev libxml2-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# Dependencies by themselves, so that they are fetched again only when the manifest changes.
COPY Package.swift ./
RUN swift package resolve
COPY . .
# The runtime libraries of Swift are in the program: the other image needs none of them.
RUN swift build --configuration release --static-swift-stdlib --product sluice \
    && install -D .build/release/sluice /built/sluice \
    && strip /built/sluice

FROM ${DEBIAN_IMAGE} AS controller
# git and ssh reach code hosts, curl mail servers; tini takes in what children of git leave behind.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates curl git libgit2-1.5 libpg-query1504.0 libpq5 libstdc++6 libxml2 openssh-client tini zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /var/lib/sluice --shell /usr/sbin/nologin sluice \
    && install --directory --owner=10001 --group=10001 --mode=0750 /var/lib/sluice
COPY --from=build /built/sluice /usr/bin/sluice
# Found out here, and not in the cluster: a library that is missing.
RUN ["/usr/bin/sluice", "--version"]
USER 10001:10001
WORKDIR /var/lib/sluice
EXPOSE 8642
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/bin/sluice"]
CMD ["--help"]
