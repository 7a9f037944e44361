# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.release=$VERSION" -o /out/pendamping ./cmd/pendamping \
 && mkdir /out/media /out/tmp \
 && go run ./cmd/check licences >/out/licences.txt

# Nothing but the binary, which has the time zones in it, and the certificates for HTTPS.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/pendamping /usr/local/bin/pendamping
# The licences of what is in the binary ask for their texts to go with it.
COPY --from=build /out/licences.txt /src/LICENSE /usr/share/doc/pendamping/
# A volume begins with the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /out/media /var/lib/pendamping/media
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
ENV LISTEN_ADDR=0.0.0.0:8080 \
    MEDIA_URL=file:///var/lib/pendamping/media
VOLUME /var/lib/pendamping/media
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/pendamping"]
CMD ["serve"]
