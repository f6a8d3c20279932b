# Builds MailSuite and packs it onto the runtime image: docker build -t mailsuite .

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# What restore needs first, so that a change of code does not fetch the packages again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Shared/Shared.csproj src/Shared/packages.lock.json src/Shared/
COPY src/Mta/Mta.csproj src/Mta/packages.lock.json src/Mta/
COPY src/Mda/Mda.csproj src/Mda/packages.lock.json src/Mda/
COPY src/Mua/Mua.csproj src/Mua/packages.lock.json src/Mua/
COPY src/Host/Host.csproj src/Host/packages.lock.json src/Host/
RUN dotnet restore src/Host --arch $TARGETARCH

COPY .editorconfig ./
COPY src src
RUN dotnet publish src/Host --no-restore --arch $TARGETARCH --configuration Release --output /app \
 && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
RUN ln -s /app/mailsuite /usr/local/bin/mailsuite
# The user of the runtime image, who is not root. A new volume takes over the owner of the directory it covers.
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
USER $APP_UID
ENV MAILSUITE_DATA=/data
VOLUME /data
# Development: SMTP, IMAP, POP3 and web. Server: MX, submission with STARTTLS, submission with TLS, IMAP and POP3 likewise, web.
EXPOSE 1025 1143 1110 8025 25 587 465 143 993 110 995 443
# A stop waits for transactions in hand (ShutdownTimeout): run with --stop-timeout 40.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["mailsuite", "healthcheck"]
ENTRYPOINT ["mailsuite"]
CMD ["dev"]
