# A PostgreSQL server in which CREATE EXTENSION shortlist works.
#
#   docker build --build-arg PG=15 -t postgres-shortlist .
#   docker run -e POSTGRES_PASSWORD=... postgres-shortlist
#
# PG is a major version, 14 to 18; the base is the official image of Debian bookworm.
ARG PG=15

FROM postgres:${PG}-bookworm AS build
ARG PG
RUN apt-get update \
	&& apt-get install -y --no-install-recommends gcc libc6-dev make "postgresql-server-dev-${PG}" \
	&& rm -rf /var/lib/apt/lists/*
COPY Makefile shortlist.control /src/
COPY sql /src/sql
COPY src /src/src
# Bitcode for the server's JIT compiler would take clang, and the score is not made faster by it.
RUN make -C /src -j"$(nproc)" with_llvm=no PG_CONFIG="/usr/lib/postgresql/${PG}/bin/pg_config" \
	&& make -C /src install with_llvm=no DESTDIR=/installed PG_CONFIG="/usr/lib/postgresql/${PG}/bin/pg_config"

FROM postgres:${PG}-bookworm
COPY --from=build /installed/ /
