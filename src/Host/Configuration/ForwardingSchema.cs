using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Host.Configuration;

/// <summary>The <c>Forwarding</c> section: how mail goes on that aliases send to other hosts.</summary>
internal static class ForwardingSchema
{
    private const int MaxDays = 512;
    private const int MinHashCharacters = 4;
    private const int MaxHashCharacters = 32;

    public static ForwardingOptions Read(SettingsReader reader, IReadOnlyList<Domain> domains)
    {
        var d = new ForwardingOptions();
        var options = d with
        {
            RewriteSenders = reader.Flag("Forwarding:RewriteSenders", d.RewriteSenders),
            SrsDomain = reader.Text<Domain>("Forwarding:SrsDomain", domains.Count > 0 ? domains[0] : null, Domain.TryParse, "a domain name", "example.org"),
            SrsKeyFile = reader.Text<string>("Forwarding:SrsKeyFile", d.SrsKeyFile, TryPath, "a path", "/etc/mailsuite/srs.keys"),
            SrsMaxAge = reader.Duration("Forwarding:SrsMaxAge", d.SrsMaxAge, TimeSpan.FromDays(1), TimeSpan.FromDays(MaxDays)),
            SrsHashCharacters = reader.Integer("Forwarding:SrsHashCharacters", d.SrsHashCharacters, MinHashCharacters, MaxHashCharacters),
            SrsSeparator = reader.Text<string>("Forwarding:SrsSeparator", d.SrsSeparator.ToString(), TrySeparator, "one of the characters = + -", "=")[0],
        };
        if (options.SrsDomain is { IsAddressLiteral: true })
            reader.Mistake("Forwarding:SrsDomain", "Rewritten senders need a domain whose mail comes here, not an address.", "Name one of Domains.");
        if (options.SrsMaxAge.Ticks % TimeSpan.TicksPerDay != 0)
            reader.Mistake("Forwarding:SrsMaxAge", "Rewritten senders tell the day only.", "Write whole days, such as \"21 d\".");
        return options;
    }

    private static bool TryPath(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? path)
    {
        path = Path.IsPathFullyQualified(text) ? text.ToString() : null;
        return path is not null;
    }

    private static bool TrySeparator(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? separator)
    {
        separator = text is "=" or "+" or "-" ? text.ToString() : null;
        return separator is not null;
    }
}
