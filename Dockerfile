# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# timetzdata: the base has no time zones. media: a volume begins with the owner of the folder that it covers.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags="-s -w" -o /out/pendamping ./cmd/pendamping \
 && mkdir /out/media

# Brings certificates for HTTPS and the user nonroot (65532), and no shell.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/pendamping /usr/local/bin/pendamping
COPY --from=build --chown=65532:65532 /out/media /var/lib/pendamping/media
ENV LISTEN_ADDR=0.0.0.0:8080 \
    MEDIA_URL=file:///var/lib/pendamping/media
VOLUME /var/lib/pendamping/media
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/pendamping"]
CMD ["serve"]
