using MailSuite.Shared.Addressing;
using MimeKit;

namespace MailSuite.Mua.Compose;

/// <summary>Reads what a person types as recipients: an address-list (RFC 5322 §3.4), forgiving about separators.</summary>
internal static class AddressField
{
    /// <param name="Header">For the header field, with names.</param>
    /// <param name="Envelope">For the envelope; without what is named twice.</param>
    internal sealed record Recipients(IReadOnlyList<MailboxAddress> Header, IReadOnlyList<EnvelopeAddress> Envelope)
    {
        internal static readonly Recipients None = new([], []);
    }

    /// <param name="error">What is wrong, for people; <see langword="null"/> when nothing is.</param>
    internal static Recipients Read(string text, out string? error)
    {
        error = null;
        if (text.Length > ComposeLimits.MaxAddressFieldCharacters)
        {
            error = "There are too many addresses.";
            return Recipients.None;
        }

        // Line ends and semicolons come with lists that are pasted from elsewhere.
        text = text.ReplaceLineEndings(",").Replace(';', ',').Trim(' ', ',', '\t');
        if (text.Length == 0)
            return Recipients.None;

        if (!InternetAddressList.TryParse(text, out var list))
        {
            error = $"“{Shorten(text)}” cannot be read as addresses. Separate them by commas, as in ann@example.org, Bob <bob@example.net>.";
            return Recipients.None;
        }

        var header = new List<MailboxAddress>();
        var envelope = new List<EnvelopeAddress>();
        foreach (var mailbox in list.Mailboxes)
        {
            if (!EnvelopeAddress.TryParse(mailbox.Address, out var address))
            {
                error = $"“{Shorten(mailbox.Address)}” is no mail address: it needs a name, an @ and a domain, as in ann@example.org.";
                return Recipients.None;
            }

            header.Add(new MailboxAddress(mailbox.Name, address.ToString()));
            if (!envelope.Contains(address))
                envelope.Add(address);
            if (envelope.Count > ComposeLimits.MaxRecipients)
            {
                error = $"There are too many addresses: {ComposeLimits.MaxRecipients} are the most for one message.";
                return Recipients.None;
            }
        }

        return new Recipients(header, envelope);
    }

    private static string Shorten(string text) => text.Length > 80 ? string.Concat(text.AsSpan(0, 80), "…") : text;
}
