using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Shared.Addressing;

/// <summary>The argument of RCPT TO: a mailbox with an optional source route, or <c>&lt;Postmaster&gt;</c> alone (RFC 5321 §4.1.1.3).</summary>
public sealed class ForwardPath
{
    private const string PostmasterName = "<Postmaster>";

    private ForwardPath(EnvelopeAddress? address, IReadOnlyList<Domain> route)
    {
        Address = address;
        Route = route;
    }

    /// <summary>The mailbox; <see langword="null"/> when the path is <c>&lt;Postmaster&gt;</c>, which every server has (RFC 5321 §4.5.1).</summary>
    public EnvelopeAddress? Address { get; }

    [MemberNotNullWhen(false, nameof(Address))]
    public bool IsPostmaster => Address is null;

    /// <summary>The hosts of a source route in order; empty in all mail of today (RFC 5321 App. C).</summary>
    public IReadOnlyList<Domain> Route { get; }

    public static ForwardPath Of(EnvelopeAddress address, IReadOnlyList<Domain> route) => new(address, route);

    /// <summary>Reads the path in angle brackets at the start of <paramref name="text"/>.</summary>
    /// <param name="consumed">Characters read, both brackets included.</param>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out ForwardPath? path, out int consumed)
    {
        if (text.StartsWith(PostmasterName, StringComparison.OrdinalIgnoreCase))
        {
            consumed = PostmasterName.Length;
            path = new ForwardPath(null, []);
            return true;
        }

        path = PathGrammar.TryReadMailbox(text, out var address, out var route, out consumed) ? new ForwardPath(address, route) : null;
        return path is not null;
    }

    /// <summary>The path with its angle brackets and its route.</summary>
    public override string ToString() => IsPostmaster ? PostmasterName : PathGrammar.ToText(Route, Address);
}
