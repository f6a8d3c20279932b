using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

internal enum FlagChangeMode
{
    Replace,
    Add,
    Remove,
}

/// <summary>What STORE does to the flags of messages (RFC 9051 §6.4.6).</summary>
/// <param name="Keywords">Flags without a backslash but $Forwarded, which is one of <paramref name="Flags"/>.</param>
internal sealed record FlagChange(FlagChangeMode Mode, MessageFlags Flags, IReadOnlyList<string> Keywords)
{
    /// <summary>Flags that go in the same step.</summary>
    internal MessageFlags Without { get; init; }

    /// <summary>Flags that whoever does it may change; the others stay as they are (RFC 4314 §4).</summary>
    internal MessageFlags Permitted { get; init; } = (MessageFlags)~0;

    internal bool PermitsKeywords { get; init; } = true;

    internal MessageFlags Apply(MessageFlags before)
    {
        var after = Mode switch
        {
            FlagChangeMode.Replace => Flags,
            FlagChangeMode.Add => (before & ~Without) | Flags,
            _ => before & ~(Flags | Without),
        };
        return (before & ~Permitted) | (after & Permitted);
    }

    /// <summary>The keywords afterwards, as <see cref="KeywordSet.TextOf"/> gives them.</summary>
    internal string Apply(KeywordSet before) => Mode switch
    {
        _ when !PermitsKeywords => before.Text,
        FlagChangeMode.Replace => KeywordSet.TextOf(Keywords),
        _ when Keywords.Count == 0 => before.Text,
        FlagChangeMode.Add => KeywordSet.TextOf(before.Names.Concat(Keywords)),
        _ => KeywordSet.TextOf(before.Names.Except(Keywords, StringComparer.OrdinalIgnoreCase)),
    };
}
