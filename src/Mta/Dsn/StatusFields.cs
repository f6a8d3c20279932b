using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Mta.Dsn;

/// <summary>The part of a report that programs read (RFC 3464 §2): a group of fields for the message, and one for each recipient.</summary>
internal sealed class StatusFields(Domain host, DateTimeOffset now)
{
    public MessageDeliveryStatus Of(QueuedMessage message, ReportKind kind, DateTimeOffset retriedUntil)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(OfMessage(message));
        foreach (var recipient in message.Recipients)
            status.StatusGroups.Add(OfRecipient(message, recipient, kind, retriedUntil));
        return status;
    }

    private HeaderList OfMessage(QueuedMessage message)
    {
        var group = new HeaderList();
        if (message.Requests.EnvelopeId is { } id)
            group.Add("Original-Envelope-Id", id);
        group.Add("Reporting-MTA", $"dns; {host.Ascii}");
        group.Add("Arrival-Date", DateUtils.FormatDate(message.AcceptedAt));
        if (message.Requests.DeliverBy is { } by)
            group.Add("Deliver-By-Date", DateUtils.FormatDate(by.Deadline)); // RFC 2852 §5
        if (message.Requests.Hold is { } hold)
            group.Add("Future-Release-Request", hold.Request); // RFC 4865 §5.1.2
        return group;
    }

    private HeaderList OfRecipient(QueuedMessage message, QueuedRecipient recipient, ReportKind kind, DateTimeOffset retriedUntil)
    {
        var last = recipient.Last ?? throw new InvalidOperationException($"There is nothing to tell of {recipient.Address} of message {message.Id}.");
        var group = new HeaderList();
        if (recipient.Recipient.OriginalRecipient is { } original)
            group.Add("Original-Recipient", DsnParameters.ToReportText(original));
        group.Add("Final-Recipient", recipient.Address.IsAscii ? $"rfc822; {recipient.Address}" : $"utf-8; {Utf8AddressXText.Encode(recipient.Address.ToString())}");
        group.Add("Action", ActionOf(kind, recipient.State));
        group.Add("Status", last.Status.ToString());
        if (last.RemoteHost is not null)
            group.Add("Remote-MTA", $"dns; {last.RemoteHost}");
        if (last.RemoteReply is not null)
            group.Add("Diagnostic-Code", $"smtp; {Printable(last.RemoteReply.Replace('\n', ' '))}");
        group.Add("Last-Attempt-Date", DateUtils.FormatDate(recipient.LastAttemptAt ?? now));
        if (kind == ReportKind.Delayed)
            group.Add("Will-Retry-Until", DateUtils.FormatDate(retriedUntil));
        return group;
    }

    private static string ActionOf(ReportKind kind, RecipientState state) => (kind, state) switch
    {
        (ReportKind.Failed, _) => "failed",
        (ReportKind.Delayed, _) => "delayed",
        (_, RecipientState.RelayedUntold) => "relayed",
        (_, RecipientState.ExpandedUntold) => "expanded",
        _ => "delivered",
    };

    /// <summary>The fields of a delivery status are printable ASCII (RFC 3464 §2.1.2).</summary>
    private static string Printable(string text) => new([.. text.Select(c => c is >= ' ' and <= '~' ? c : '?')]);
}
