using MailSuite.Mua.Journey;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Api;

/// <summary>From what the modules say to what the API says.</summary>
internal static class Views
{
    internal static MailboxView Of(Mailbox mailbox) => new(mailbox.Id.Value, mailbox.Name, mailbox.Use.ToString(), mailbox.Messages, mailbox.Unseen);

    internal static MessageView Of(MessageSummary m, string mailbox) => new(
        mailbox, m.Mailbox.Value, m.Uid.Value, FlagNames(m.Flags), m.From, m.FromAddress, m.To, m.Subject, m.Preview, m.HasAttachments, m.ReceivedAt, m.Date, m.Octets, m.MessageId);

    internal static MessageDetailView Of(StoredMessage stored, string mailbox, ReadableMessage message) => new(
        Of(stored.Summary, mailbox),
        [.. message.Headers.Select(h => new HeaderView(h.Name, h.Value))],
        message.ReadText(out _),
        message.ReadHtml(),
        [.. message.Attachments.Select(a => new AttachmentView(a.Number, a.Name, a.ContentType, a.CountOctets()))],
        stored.Journey?.ToString());

    internal static JourneyView Of(MessageJourney j) => new(
        j.Id.ToString(), j.MessageId, j.QueueId, j.Subject, j.ReversePath, j.Recipients, [.. j.Events.Select(Of)]);

    internal static WebhookView Of(WebhookState hook) => new(
        hook.Name, hook.Place, [.. hook.Events.Select(what => what.ToString().ToLowerInvariant())], hook.Waiting, hook.Posted, hook.Lost,
        hook.LastPostedAt, hook.LastError, hook.LastErrorAt, hook.PausedUntil, hook.IsGone);

    internal static WebhookTrialView Of(WebhookAnswer answer) => new(answer.IsTaken, answer.Status, answer.Text);

    internal static ClockView Of(ClockReading clock) => new(clock.Now, clock.Real, clock.Shift.TotalSeconds, clock.MayShift);

    private static JourneyEventView Of(JourneyEvent e) => new(
        e.At, e.Role, e.Step, e.Host, e.Summary, e.Reason, e.Peer, [.. e.Recipients.Select(r => r.ToString())],
        [.. e.Dialogue.Select(l => new DialogueLineView(l.At, l.FromClient, l.Text))], e.Related?.ToString());

    private static string[] FlagNames(MessageFlags flags) => [.. Enum.GetValues<MessageFlags>().Where(f => f != MessageFlags.None && flags.HasFlag(f)).Select(f => f.ToString())];
}
