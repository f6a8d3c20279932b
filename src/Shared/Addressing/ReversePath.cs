namespace MailSuite.Shared.Addressing;

/// <summary>Where reports of a failed delivery go: an address, or nowhere (RFC 5321 §4.1.1.2, §4.5.5).</summary>
/// <remarks>A source route in front of the address is read and dropped (RFC 5321 App. C).</remarks>
public readonly record struct ReversePath
{
    private ReversePath(EnvelopeAddress address) => Address = address;

    /// <summary><c>&lt;&gt;</c>: mail that must never be answered by a report. It is the default value.</summary>
    public static ReversePath Null => default;

    /// <summary>The address; <see langword="null"/> for the null reverse-path.</summary>
    public EnvelopeAddress? Address { get; }

    public bool IsNull => Address is null;

    public static ReversePath Of(EnvelopeAddress address) => new(address);

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

        if (!PathGrammar.TryReadMailbox(text, out var address, out _, out consumed))
            return false;

        path = new ReversePath(address);
        return true;
    }

    /// <summary>The path with its angle brackets, as in MAIL FROM and Return-Path.</summary>
    public override string ToString() => $"<{Address}>";
}
