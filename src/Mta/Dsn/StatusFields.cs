using System.Text;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Mta.Dsn;

/// <summary>The part of a report that programs read (RFC 3464 §2): a group of fields for the message, and one for each recipient.</summary>
/// <param name="international">Whether the report goes by SMTPUTF8 in any case: then addresses and replies stand as they are (RFC 6533 §4), else in ASCII.</param>
internal sealed class StatusFields(Domain host, DateTimeOffset now, bool international)
{
    /// <summary>Characters after which a line is folded at a blank (RFC 5322 §2.1.1).</summary>
    private const int FoldAfter = 76;

    /// <summary>Characters of a line in any case; the wire allows 998 octets, and a character has up to 4.</summary>
    private const int MaxLine = 240;

    private readonly StringBuilder _text = new();

    public MimePart Of(QueuedMessage message, ReportKind kind, DateTimeOffset retriedUntil)
    {
        WriteMessage(message);
        foreach (var recipient in message.Recipients)
        {
            _text.Append("\r\n");
            WriteRecipient(message, recipient, kind, retriedUntil);
        }

        return new MimePart("message", international ? "global-delivery-status" : "delivery-status")
        {
            Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(_text.ToString()))),
            ContentTransferEncoding = international ? ContentEncoding.EightBit : ContentEncoding.SevenBit,
        };
    }

    private void WriteMessage(QueuedMessage message)
    {
        if (message.Requests.EnvelopeId is { } id)
            Add("Original-Envelope-Id", id);
        Add("Reporting-MTA", $"dns; {host.Ascii}");
        Add("Arrival-Date", DateUtils.FormatDate(message.AcceptedAt));
        if (message.Requests.DeliverBy is { } by)
            Add("Deliver-By-Date", DateUtils.FormatDate(by.Deadline)); // RFC 2852 §5
        if (message.Requests.Hold is { } hold)
            Add("Future-Release-Request", hold.Request); // RFC 4865 §5.1.2
    }

    private void WriteRecipient(QueuedMessage message, QueuedRecipient recipient, ReportKind kind, DateTimeOffset retriedUntil)
    {
        var last = recipient.Last ?? throw new InvalidOperationException($"There is nothing to tell of {recipient.Address} of message {message.Id}.");
        if (recipient.Recipient.OriginalRecipient is { } original)
            Add("Original-Recipient", international ? $"{original.Type}; {original.Address}" : DsnParameters.ToReportText(original));
        Add("Final-Recipient", FinalRecipient(recipient.Address));
        Add("Action", ActionOf(kind, recipient.State));
        Add("Status", last.Status.ToString());
        if (last.RemoteHost is not null)
            Add("Remote-MTA", $"dns; {last.RemoteHost}");
        if (last.RemoteReply is not null)
            Add("Diagnostic-Code", $"smtp; {last.RemoteReply.Replace('\n', ' ')}");
        Add("Last-Attempt-Date", DateUtils.FormatDate(recipient.LastAttemptAt ?? now));
        if (kind == ReportKind.Delayed)
            Add("Will-Retry-Until", DateUtils.FormatDate(retriedUntil));
    }

    private string FinalRecipient(EnvelopeAddress address) =>
        address.IsAscii ? $"rfc822; {address}" : $"utf-8; {(international ? address.ToString() : Utf8AddressXText.Encode(address.ToString()))}";

    private static string ActionOf(ReportKind kind, RecipientState state) => (kind, state) switch
    {
        (ReportKind.Failed, _) => "failed",
        (ReportKind.Delayed, _) => "delayed",
        (_, RecipientState.RelayedUntold) => "relayed",
        (_, RecipientState.ExpandedUntold) => "expanded",
        _ => "delivered",
    };

    /// <summary>Writes a field, folded at blanks. What must not stand in one, from whatever host it comes, becomes a question mark (RFC 3464 §2.1.2).</summary>
    private void Add(string name, string value)
    {
        _text.Append(name).Append(':');
        var column = name.Length + 1;
        foreach (var word in Clean(value).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            for (var rest = word; rest.Length > 0;)
            {
                var part = rest.Length <= MaxLine ? rest : rest[..(MaxLine - (char.IsHighSurrogate(rest[MaxLine - 1]) ? 1 : 0))];
                rest = rest[part.Length..];
                var fold = column + part.Length >= FoldAfter && column > name.Length + 1;
                _text.Append(fold ? "\r\n " : " ").Append(part);
                column = (fold ? 0 : column) + 1 + part.Length;
            }
        }

        _text.Append("\r\n");
    }

    private string Clean(string value) => new([.. value.Select(c => c is >= ' ' and <= '~' || (international && c > '\u00a0') ? c : '?')]);
}
