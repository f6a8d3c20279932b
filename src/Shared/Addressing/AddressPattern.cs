using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Shared.Addressing;

/// <summary>Which addresses a rule is about.</summary>
public enum AddressPatternKind
{
    /// <summary><c>*</c></summary>
    Any,

    /// <summary><c>example.org</c>, and nothing below it.</summary>
    Domain,

    /// <summary><c>.example.org</c>: all that is below it, however deep, and not itself.</summary>
    SubDomains,

    /// <summary><c>ann@example.org</c>, its local-part without regard to case: a rule of ours, no claim about their mailboxes.</summary>
    Address,

    /// <summary><c>&lt;&gt;</c>, the null reverse-path.</summary>
    NullPath,
}

/// <param name="Text">What stands there, in lower-case A-labels; the domain alone for sub-domains; empty where there is nothing to compare.</param>
public sealed record AddressPattern(AddressPatternKind Kind, string Text)
{
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AddressPattern? pattern)
    {
        pattern = text switch
        {
            "*" => new AddressPattern(AddressPatternKind.Any, ""),
            "<>" => new AddressPattern(AddressPatternKind.NullPath, ""),
            ['.', .. var below] when Domain.TryParse(below, out var parent) && !parent.IsAddressLiteral => new AddressPattern(AddressPatternKind.SubDomains, parent.Ascii),
            _ when EnvelopeAddress.TryParse(text, out var address) => new AddressPattern(AddressPatternKind.Address, KeyOf(address)),
            _ when Domain.TryParse(text, out var domain) => new AddressPattern(AddressPatternKind.Domain, domain.Ascii),
            _ => null,
        };
        return pattern is not null;
    }

    /// <summary>What an address is compared by with <see cref="AddressPatternKind.Address"/>.</summary>
    public static string KeyOf(EnvelopeAddress address) => address.ToString().ToLowerInvariant();

    /// <summary>As it is written.</summary>
    public override string ToString() => Kind switch
    {
        AddressPatternKind.Any => "*",
        AddressPatternKind.NullPath => "<>",
        AddressPatternKind.SubDomains => $".{Text}",
        _ => Text,
    };
}
