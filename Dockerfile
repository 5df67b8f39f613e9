# The program on a small Debian, and nothing else: no compiler, no OpenSSL (TLS is rustls), no root. The shell is there
# for `fly ssh console`.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# The dependencies first, with empty programs in place of ours: they are built anew only when a manifest changes.
COPY Cargo.toml Cargo.lock ./
COPY raft/Cargo.toml raft/
COPY tests/chaos/Cargo.toml tests/chaos/
COPY tests/load/Cargo.toml tests/load/
COPY tests/stripe/Cargo.toml tests/stripe/
RUN mkdir -p src raft/src tests/chaos/src tests/load/src tests/stripe/src \
    && touch src/lib.rs raft/src/lib.rs tests/chaos/src/lib.rs tests/stripe/src/lib.rs \
    && echo 'fn main() {}' | tee src/main.rs raft/build.rs tests/chaos/src/main.rs tests/load/src/main.rs \
        tests/stripe/src/main.rs >/dev/null \
    && cargo build --locked --release --bin boxoffice \
    && rm -r src raft tests
COPY raft raft
COPY src src
COPY tests/chaos tests/chaos
COPY tests/load tests/load
COPY tests/stripe tests/stripe
# Cargo goes by the time of a file, and those that came just now may be older than the empty ones.
RUN find src raft tests -name '*.rs' -exec touch {} + \
    && cargo build --locked --release --bin boxoffice

FROM debian:bookworm-slim
# A number, so that who runs it can tell that it is not root. Fly gives the volume to this user.
RUN groupadd --system --gid 10001 boxoffice \
    && useradd --system --uid 10001 --gid boxoffice --home-dir /data --no-create-home --shell /usr/sbin/nologin boxoffice \
    && install -d -o boxoffice -g boxoffice -m 0700 /data
COPY --from=build /src/target/release/boxoffice /usr/local/bin/boxoffice
USER 10001:10001
ENV BOXOFFICE_LISTEN=[::]:8080 BOXOFFICE_DATA_DIR=/data/boxoffice BOXOFFICE_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080 4000
# It starts no other processes and handles its signals itself, so that it may be the first one.
STOPSIGNAL SIGTERM
CMD ["boxoffice", "serve"]
