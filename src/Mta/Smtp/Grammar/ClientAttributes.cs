using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>What XCLIENT and XFORWARD tell of a client: <c>NAME=mail.example.net ADDR=192.0.2.1 …</c>, values in xtext (Postfix's XCLIENT_README, XFORWARD_README).</summary>
/// <remarks>An address of IPv6 is written <c>IPV6:2001:db8::1</c>. <c>[UNAVAILABLE]</c> and <c>[TEMPUNAVAIL]</c> say that there is no value.</remarks>
internal sealed record ClientAttributes
{
    /// <summary>Those of XCLIENT, in the order in which EHLO names them.</summary>
    public static readonly IReadOnlyList<string> OfXclient = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT"];

    public static readonly IReadOnlyList<string> OfXforward = ["NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"];

    public static readonly ClientAttributes None = new();

    /// <summary>Characters of a decoded value at most (XFORWARD_README).</summary>
    private const int MaxValueCharacters = 255;

    private const string IPv6Prefix = "IPV6:";

    /// <summary>Its host name as the DNS has it.</summary>
    public Told<string> Name { get; private init; }

    public Told<IPAddress> Address { get; private init; }

    public Told<ushort> Port { get; private init; }

    /// <summary>Whether it spoke ESMTP and not SMTP.</summary>
    public Told<bool> IsExtended { get; private init; }

    /// <summary>What it called itself in EHLO or HELO.</summary>
    public Told<string> Helo { get; private init; }

    /// <summary>Who it has authenticated as.</summary>
    public Told<string> Login { get; private init; }

    /// <summary>The address that it connected to.</summary>
    public Told<IPAddress> DestinationAddress { get; private init; }

    public Told<ushort> DestinationPort { get; private init; }

    /// <summary>The name that the message has in the other server's queue.</summary>
    public Told<string> Identity { get; private init; }

    /// <summary>Whether the message came to it from its own machine.</summary>
    public Told<bool> IsLocal { get; private init; }

    /// <summary>What a later command is read over: who has authenticated is told for the one command that says it.</summary>
    public ClientAttributes WithoutLogin => this with { Login = default };

    /// <summary>Reads the arguments over what an earlier command told.</summary>
    /// <param name="known">The attributes of the command; any other is an error, as is one that comes twice.</param>
    public static bool TryRead(ReadOnlySpan<char> text, IReadOnlyList<string> known, ClientAttributes before, [NotNullWhen(true)] out ClientAttributes? attributes)
    {
        attributes = null;
        var read = before;
        var seen = new HashSet<string>();
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            var equals = word.IndexOf('=');
            if (equals < 0)
                return false;
            var name = word[..equals].ToString().ToUpperInvariant();
            if (!known.Contains(name) || !seen.Add(name) || !read.TryTake(name, word[(equals + 1)..], out read))
                return false;
        }

        if (seen.Count == 0)
            return false;
        attributes = read;
        return true;
    }

    private bool TryTake(string name, ReadOnlySpan<char> text, [NotNullWhen(true)] out ClientAttributes? attributes)
    {
        var isMissing = text.Equals("[UNAVAILABLE]", StringComparison.OrdinalIgnoreCase) || text.Equals("[TEMPUNAVAIL]", StringComparison.OrdinalIgnoreCase);
        attributes = null;
        if (text.IsEmpty || !XText.TryDecode(text, out var value) || value.Length > MaxValueCharacters || value.Any(char.IsControl))
            return false;
        attributes = name switch
        {
            "NAME" when isMissing => this with { Name = Told<string>.Missing },
            "NAME" when Domain.TryParse(value, out var domain) && !domain.IsAddressLiteral => this with { Name = new(domain.Ascii) },
            "ADDR" when isMissing => this with { Address = Told<IPAddress>.Missing },
            "ADDR" when TryAddress(value, out var address) => this with { Address = new(address) },
            "PORT" when isMissing => this with { Port = Told<ushort>.Missing },
            "PORT" when TryPort(value, out var port) => this with { Port = new(port) },
            "PROTO" when isMissing => this with { IsExtended = Told<bool>.Missing },
            "PROTO" when value.ToUpperInvariant() is "SMTP" or "ESMTP" => this with { IsExtended = new(value.Length == 5) },
            "HELO" when isMissing => this with { Helo = Told<string>.Missing },
            "HELO" when ClientName.TryParse(value, out var helo) => this with { Helo = new(helo) },
            "LOGIN" when isMissing => this with { Login = Told<string>.Missing },
            "LOGIN" => this with { Login = new(value) },
            "DESTADDR" when isMissing => this with { DestinationAddress = Told<IPAddress>.Missing },
            "DESTADDR" when TryAddress(value, out var address) => this with { DestinationAddress = new(address) },
            "DESTPORT" when isMissing => this with { DestinationPort = Told<ushort>.Missing },
            "DESTPORT" when TryPort(value, out var port) => this with { DestinationPort = new(port) },
            "IDENT" when isMissing => this with { Identity = Told<string>.Missing },
            "IDENT" => this with { Identity = new(value) },
            "SOURCE" when isMissing => this with { IsLocal = Told<bool>.Missing },
            "SOURCE" when value.ToUpperInvariant() is "LOCAL" or "REMOTE" => this with { IsLocal = new(value.Length == 5) },
            _ => null,
        };
        return attributes is not null;
    }

    private static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        var isIPv6 = text.StartsWith(IPv6Prefix, StringComparison.OrdinalIgnoreCase);
        var literal = isIPv6 ? text.AsSpan(IPv6Prefix.Length) : text;
        address = null;
        // IPAddress takes more than is meant here: 1, 1.2, fe80::1%eth0, [::1].
        if (literal.IndexOfAny("%[]/") >= 0 || (!isIPv6 && literal.Count('.') != 3))
            return false;
        return IPAddress.TryParse(literal, out address) && address.AddressFamily == (isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
    }

    private static bool TryPort(string text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}

/// <summary>An attribute: not told at all, told to have no value, or told.</summary>
internal readonly record struct Told<T>(bool IsTold, bool HasValue, T? Value)
{
    public static readonly Told<T> Missing = new(true, false, default);

    public Told(T value)
        : this(true, true, value)
    {
    }

    /// <summary>What is known after it, when this was known before.</summary>
    public T? Or(T? before) => IsTold ? Value : before;
}
