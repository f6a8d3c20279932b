using System.Diagnostics.CodeAnalysis;
using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The settings of one way to leave: a member of <c>Relay:Transports</c>, or <c>Relay:Smarthost</c>.</summary>
internal static class TransportSchema
{
    /// <summary>Hosts, and source addresses, of one transport.</summary>
    private const int MaxHosts = 32;

    private const int MaxPasswordOctets = 4096;

    public static TransportOptions Read(SettingsReader reader, string section, string name)
    {
        var hosts = reader.List<Hop>($"{section}:Hosts", [], Hop.TryParse, "a host, [an address], either with a port, or the absolute path of a Unix socket", "smtp.example.org:587", MaxHosts);
        var options = new TransportOptions(name);
        options = options with
        {
            Hosts = [.. hosts.Select(hop => hop.Host).OfType<NextHop>()],
            UnixSocket = hosts.Select(hop => hop.Socket).FirstOrDefault(socket => socket is not null),
            Protocol = reader.Choice($"{section}:Protocol", options.Protocol),
            UseMx = reader.Flag($"{section}:UseMx", options.UseMx),
            ImplicitTls = reader.Flag($"{section}:ImplicitTls", options.ImplicitTls),
            Credentials = ReadCredentials(reader, section),
            SourceAddresses = reader.List<IPAddress>($"{section}:SourceAddresses", options.SourceAddresses, IPAddress.TryParse, "an IP address of this machine", "192.0.2.1", MaxHosts),
            MaxConcurrency = reader.Integer($"{section}:MaxConcurrency", 0, 0, 1_000) is var most and > 0 ? most : null,
        };
        options = options with
        {
            Port = PortOf(options),
            Tls = reader.Choice($"{section}:Tls", options.Credentials is null || IsHere(options) ? options.Tls : TlsPolicy.Verify),
        };
        Check(reader, section, options, hosts.Count);
        return options;
    }

    private static int PortOf(TransportOptions options)
    {
        const int Lmtp = 24, SubmissionTls = 465, Submission = 587;
        return options.Protocol == RelayProtocol.Lmtp ? Lmtp : options.ImplicitTls ? SubmissionTls : options.Credentials is not null ? Submission : options.Port;
    }

    private static void Check(SettingsReader reader, string section, TransportOptions options, int hosts)
    {
        if (hosts == 0)
            reader.Mistake($"{section}:Hosts", "There is no host to send to.", "Name one: \"Hosts\": [\"smtp.example.org\"].");
        if (options.UnixSocket is not null && hosts > 1)
            reader.Mistake($"{section}:Hosts", "A Unix socket stands alone.", "Leave the socket or the hosts, or make two transports of them.");
        if (options.UseMx && options.Hosts.All(hop => hop.Host.IsAddressLiteral))
            reader.Mistake($"{section}:UseMx", "Addresses and sockets have no MX.", "Name a domain in Hosts, or remove UseMx.");
        if (options.ImplicitTls && options.Tls == TlsPolicy.None)
            reader.Mistake($"{section}:Tls", "With ImplicitTls there is TLS.", "Remove one of the two.");
        if (options.Credentials is not null && !IsHere(options) && options.Tls < TlsPolicy.Encrypt && !options.ImplicitTls)
            reader.Mistake($"{section}:Tls", "The password could cross the network in clear.", "Write \"Verify\", or \"Encrypt\" for a host whose certificate is of its own making.");
    }

    /// <summary>Whether nothing of it leaves this machine.</summary>
    private static bool IsHere(TransportOptions options) =>
        options.Hosts.All(hop => hop.Host is { IsAddressLiteral: true } literal ? IPAddress.IsLoopback(literal.Address) : hop.Host.Ascii == "localhost");

    private static RelayCredentials? ReadCredentials(SettingsReader reader, string section)
    {
        var (passwordKey, fileKey) = ($"{section}:Password", $"{section}:PasswordFile");
        var user = reader.Text<string>($"{section}:UserName", null, SettingsSchema.TryPath, "a name", "ann@example.org");
        var password = reader.Secret(passwordKey);
        var file = reader.Text<string>(fileKey, null, SettingsSchema.TryPath, "a file with the password in its first line", "/etc/mailsuite/smarthost.password");
        if (password is not null && file is not null)
            reader.Mistake(fileKey, "The password stands in Password too.", "Remove one of the two.");
        if (file is not null && password is null)
            password = ReadPassword(reader, fileKey, file);
        if (user is null && (reader.Has(passwordKey) || file is not null))
            reader.Mistake(reader.Has(passwordKey) ? passwordKey : fileKey, "A password needs a name.", $"Give {section}:UserName too.");
        if (user is not null && !reader.Has(passwordKey) && file is null)
            reader.Mistake($"{section}:UserName", "A name needs its password.", $"Give {passwordKey}, or {fileKey}, too.");
        return user is not null && password is not null ? new RelayCredentials(user, password) : null;
    }

    private static string? ReadPassword(SettingsReader reader, string key, string file)
    {
        try
        {
            if (new FileInfo(file).Length <= MaxPasswordOctets && File.ReadLines(file).FirstOrDefault() is { Length: > 0 } line)
                return line;
            reader.Mistake(key, "Its first line is no password.", "Write the password, and nothing else, into its first line.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            reader.Mistake(key, "There is no such file.", "Correct the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Mistake(key, $"It cannot be read: {e.Message}", "Let the account that runs mailsuite read it.");
        }

        return null;
    }

    /// <summary>A word of <c>Hosts</c>; one of the two is given.</summary>
    private sealed record Hop(NextHop? Host, string? Socket)
    {
        public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Hop? hop)
        {
            hop = text is ['/', ..] ? BindAddress.IsSocketPath(text) ? new Hop(null, text.ToString()) : null
                : NextHop.TryParse(text, out var host) ? new Hop(host, null)
                : null;
            return hop is not null;
        }
    }
}
