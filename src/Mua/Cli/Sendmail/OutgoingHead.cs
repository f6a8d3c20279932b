using System.Globalization;
using System.Text;
using MailSuite.Shared.Addressing;
using MimeKit;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>Makes the header that goes out of the one that came: who gets the message, what is missing, what nobody else may see.</summary>
internal static class OutgoingHead
{
    /// <summary>Fields whose addresses get the domain of this host where they have none.</summary>
    private static readonly string[] AddressFields =
        ["From", "Sender", "Reply-To", "To", "Cc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc"];

    /// <summary>Not for those who get the message: who has a blind copy, and what the last delivery wrote down.</summary>
    private static readonly string[] DroppedFields = ["Bcc", "Resent-Bcc", "Return-Path", "Content-Length"];

    private static readonly string[] Recipients = ["To", "Cc", "Bcc"];
    private static readonly string[] ResentRecipients = ["Resent-To", "Resent-Cc", "Resent-Bcc"];

    /// <summary>The recipients that the header names, those of the last resending if there was one (RFC 5322 §3.6.6).</summary>
    /// <exception cref="CommandFailure">One of them is no address.</exception>
    public static IEnumerable<EnvelopeAddress> RecipientsIn(HeadFields head, Domain domain)
    {
        var names = ResentRecipients.Any(head.Has) ? ResentRecipients : Recipients;
        foreach (var field in head.Fields.Where(field => names.Any(field.Is)))
        {
            if (field.Body.Trim("\r\n\t "u8).IsEmpty)
                continue;
            if (!InternetAddressList.TryParse(field.Body.ToArray(), out var list))
                throw new CommandFailure(SendmailExit.DataError, $"The field {field.Name} cannot be read as addresses.");
            foreach (var mailbox in list.Mailboxes)
                yield return LocalAddress.Parse(mailbox.Address, domain);
        }
    }

    /// <summary>The header with its empty line.</summary>
    public static byte[] Write(HeadFields head, Writer writer)
    {
        var output = new MemoryStream();
        var resent = head.Fields.Any(field => field.Name.StartsWith("Resent-", StringComparison.OrdinalIgnoreCase)) ? "Resent-" : null;
        if (resent is not null)
            AddMissing(output, head, writer, resent);
        foreach (var field in head.Fields.Where(field => !DroppedFields.Any(field.Is)))
            output.Write(AddressFields.Any(field.Is) ? Qualified(field, writer.Domain) : field.Octets);
        if (resent is null)
            AddMissing(output, head, writer, prefix: "");
        output.Write("\r\n"u8);
        return output.ToArray();
    }

    private static void AddMissing(MemoryStream output, HeadFields head, Writer writer, string prefix)
    {
        if (!head.Has(prefix + "From"))
            Add(output, prefix + "From", Encode([new MailboxAddress(writer.Name, writer.Address.ToString())]));
        if (!head.Has(prefix + "Date"))
            Add(output, prefix + "Date", writer.At.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + writer.At.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        if (!head.Has(prefix + "Message-ID"))
            Add(output, prefix + "Message-ID", $"<{writer.MessageId:N}@{writer.Domain}>");
    }

    private static void Add(MemoryStream output, string name, string body) => output.Write(Encoding.UTF8.GetBytes($"{name}: {body}\r\n"));

    /// <summary>The field as it is, or written anew when an address in it has no domain.</summary>
    private static byte[] Qualified(HeadField field, Domain domain)
    {
        if (!InternetAddressList.TryParse(field.Body.ToArray(), out var list))
            return field.Octets;

        var isWhole = true;
        foreach (var mailbox in list.Mailboxes.Where(mailbox => mailbox.Address.Length > 0 && !mailbox.Address.Contains('@', StringComparison.Ordinal)))
        {
            isWhole = false;
            mailbox.Address = $"{mailbox.Address}@{domain}";
        }

        return isWhole ? field.Octets : Encoding.UTF8.GetBytes($"{field.Name}: {Encode(list)}\r\n");
    }

    /// <summary>With encoded words where a name is beyond ASCII (RFC 2047), folded.</summary>
    private static string Encode(InternetAddressList list)
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return list.ToString(options, encode: true);
    }

    /// <summary>Who writes the fields that are missing, and when.</summary>
    internal sealed record Writer(string Name, EnvelopeAddress Address, Domain Domain, DateTimeOffset At, Guid MessageId);
}
