namespace MailSuite.Shared.Addressing;

/// <summary>Where reports of a failed delivery go: an address, or nowhere (RFC 5321 §4.1.1.2, §4.5.5).</summary>
public readonly record struct ReversePath
{
    private readonly IReadOnlyList<Domain>? _route;

    private ReversePath(EnvelopeAddress address, IReadOnlyList<Domain>? route = null)
    {
        Address = address;
        _route = route;
    }

    /// <summary><c>&lt;&gt;</c>: mail that must never be answered by a report. It is the default value.</summary>
    public static ReversePath Null => default;

    /// <summary>The address; <see langword="null"/> for the null reverse-path.</summary>
    public EnvelopeAddress? Address { get; }

    public bool IsNull => Address is null;

    /// <summary>The hosts over which the message came, the last one first: the way back (RFC 821 §3.6). Empty in all mail of today (RFC 5321 App. C).</summary>
    public IReadOnlyList<Domain> Route => _route ?? [];

    public static ReversePath Of(EnvelopeAddress address) => new(address);

    /// <summary>The address alone.</summary>
    public ReversePath WithoutRoute() => Address is null ? this : new ReversePath(Address);

    /// <summary>The path after one host more, which is put at its beginning (RFC 821 §3.6). A route that a path has no room for is left out.</summary>
    public ReversePath Through(Domain host)
    {
        if (Address is null)
            return this;

        var longer = new ReversePath(Address, [host, .. Route]);
        return PathGrammar.Fits(longer.ToString()) ? longer : new ReversePath(Address);
    }

    /// <summary>Reads the path in angle brackets at the start of <paramref name="text"/>.</summary>
    /// <param name="consumed">Characters read, both brackets included.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out ReversePath path, out int consumed)
    {
        path = default;
        if (text.StartsWith("<>", StringComparison.Ordinal))
        {
            consumed = 2;
            return true;
        }

        if (!PathGrammar.TryReadMailbox(text, out var address, out var route, out consumed))
            return false;

        path = new ReversePath(address, route.Count > 0 ? route : null);
        return true;
    }

    public bool Equals(ReversePath other) => Equals(Address, other.Address) && Route.SequenceEqual(other.Route);

    public override int GetHashCode() => Address?.GetHashCode() ?? 0;

    /// <summary>The path with its angle brackets and its route, as in MAIL FROM and Return-Path.</summary>
    public override string ToString() => PathGrammar.ToText(Route, Address);
}
