using MailSuite.Shared.Addressing;
using MimeKit;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>Addresses as people and programs of one machine write them: a name alone is one of this host's.</summary>
internal static class LocalAddress
{
    /// <summary>One argument with recipients, a comma between them.</summary>
    /// <exception cref="CommandFailure">It cannot be read.</exception>
    public static IEnumerable<EnvelopeAddress> ParseList(string text, Domain domain)
    {
        if (!InternetAddressList.TryParse(text, out var list) || !list.Mailboxes.Any())
            throw new CommandFailure(SendmailExit.DataError, $"'{text}' is no mail address.");
        return list.Mailboxes.Select(mailbox => Parse(mailbox.Address, domain));
    }

    /// <summary>The sender of -f: an address, or nothing or <c>&lt;&gt;</c> for none.</summary>
    /// <exception cref="CommandFailure">It cannot be read.</exception>
    public static ReversePath ParseSender(string text, Domain domain)
    {
        if (text.Trim() is "" or "<>")
            return ReversePath.Null;
        return ParseList(text, domain).ToList() is [var only]
            ? ReversePath.Of(only)
            : throw new CommandFailure(SendmailExit.Usage, $"'{text}' is more than one sender.");
    }

    /// <exception cref="CommandFailure">It is none.</exception>
    public static EnvelopeAddress Parse(string text, Domain domain) =>
        EnvelopeAddress.TryParse(text.Contains('@', StringComparison.Ordinal) ? text : $"{text}@{domain}", out var address)
            ? address
            : throw new CommandFailure(SendmailExit.DataError, $"'{text}' is no mail address.");
}
