using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Notices;

/// <summary>Makes the notices of what becomes of recipients, and keeps a line of them for each target. Registered only where there are webhooks.</summary>
internal sealed partial class NoticeOutbox(MtaOptions options, TimeProvider clock, ILogger<NoticeOutbox> logger)
{
    /// <summary>After so many vain posts a notice lets those behind it pass, and is tried by itself.</summary>
    public const int PatientAttempts = 5;

    public IReadOnlyList<NoticeLine> Lines { get; } = [.. options.Webhooks.Select(target => new NoticeLine(target, logger))];

    /// <summary>Rows of targets that the settings no longer have.</summary>
    public List<long> Orphans { get; } = [];

    /// <summary>Takes up what the last run has left. Before anything new is written.</summary>
    public void Load(IReadOnlyList<NoticeEntry> entries)
    {
        var lines = Lines.ToDictionary(line => line.Target.Name, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (lines.TryGetValue(entry.Target, out var line))
                line.AddOld(entry, isPutAside: entry.Attempts >= PatientAttempts);
            else
                Orphans.Add(entry.Key);
        }

        if (Orphans.Count > 0)
            LogOrphans(Orphans.Count);
    }

    /// <summary>The notices of what an attempt did; <see langword="null"/> when nobody is told of it.</summary>
    public async ValueTask<NoticeBatch?> OfAsync(QueuedMessage message, IReadOnlyList<Settlement> settlements, DateTimeOffset now)
    {
        NoticeBatch? batch = null;
        string? messageId = null;
        foreach (var settlement in settlements)
        {
            if (EventOf(settlement) is not { } what)
                continue;

            var recipient = message.Recipients.First(one => one.Key == settlement.RecipientKey);
            var wanting = Lines.Where(line => line.Wants(what, message.ReversePath, recipient.Address)).ToList();
            if (wanting.Count == 0)
                continue;

            messageId ??= await MessageIdOfAsync(message.Content);
            var outcome = settlement.Outcome;
            var json = Document(what, message.Id, message.Journey, messageId, message.ReversePath, recipient.Address, now) with
            {
                Status = outcome.Status.ToString(),
                Reason = outcome.Reason,
                Host = outcome.RemoteHost,
                Reply = outcome.RemoteReply,
                Attempts = recipient.Attempts + (settlement.Tried ? 1 : 0),
                NextAttemptAt = settlement.NextAttemptAt,
            };
            Add(ref batch, wanting, what, json);
        }

        return batch;
    }

    /// <summary>The notices of recipients that had failed when their message came into the spool; <see langword="null"/> when nobody is told of it.</summary>
    /// <remarks>Who has it in the mailbox already waited for nothing and makes none.</remarks>
    public async ValueTask<NoticeBatch?> OfAsync(SpooledMessage message, DateTimeOffset now)
    {
        NoticeBatch? batch = null;
        foreach (var recipient in message.Recipients)
        {
            if (recipient.Failure is not { } failure)
                continue;

            var wanting = Lines.Where(line => line.Wants(DeliveryEvent.Bounced, message.ReversePath, recipient.Address)).ToList();
            if (wanting.Count == 0)
                continue;

            var json = Document(DeliveryEvent.Bounced, message.Id, message.Journey, await MessageIdOfAsync(message.Content), message.ReversePath, recipient.Address, now) with
            {
                Status = failure.Status.ToString(),
                Reason = failure.Reason,
            };
            Add(ref batch, wanting, DeliveryEvent.Bounced, json);
        }

        return batch;
    }

    /// <summary>The notices of what a person has given up; <see langword="null"/> when nobody is told of it.</summary>
    /// <param name="senders">The reverse-path of each message, by its row.</param>
    /// <remarks>They have no Message-ID: an order may be about very many messages, and none of them is read for it.</remarks>
    public NoticeBatch? Of(QueueAction action, IReadOnlyList<OrderedRecipient> recipients, IReadOnlyDictionary<long, ReversePath> senders, DateTimeOffset now)
    {
        NoticeBatch? batch = null;
        var what = action == QueueAction.Drop ? DeliveryEvent.Dropped : DeliveryEvent.Bounced;
        foreach (var recipient in recipients)
        {
            var sender = senders.GetValueOrDefault(recipient.MessageKey);
            var wanting = Lines.Where(line => line.Wants(what, sender, recipient.Recipient.Address)).ToList();
            if (wanting.Count == 0)
                continue;

            Add(ref batch, wanting, what, Document(what, recipient.Id, recipient.Journey, null, sender, recipient.Recipient.Address, now) with
            {
                Status = StatusCodes.OtherPermanent.ToString(),
                Reason = "The administrator of this host has given it up.",
            });
        }

        return batch;
    }

    private static void Add(ref NoticeBatch? batch, List<NoticeLine> lines, DeliveryEvent what, NoticeDocument document)
    {
        batch ??= new NoticeBatch();
        var json = document.ToJson();
        foreach (var line in lines)
            batch.Add(line, what, document.Id, json);
    }

    /// <remarks>An attempt that asked nobody, because a circuit was open or the mail waits to be fetched, is no event.</remarks>
    private static DeliveryEvent? EventOf(Settlement settlement) => settlement.State switch
    {
        RecipientState.Waiting => settlement.Tried ? DeliveryEvent.Deferred : null,
        RecipientState.Failed or RecipientState.FailedSilently => settlement.Outcome.IsExpired ? DeliveryEvent.Expired : DeliveryEvent.Bounced,
        _ => DeliveryEvent.Delivered,
    };

    private static NoticeDocument Document(
        DeliveryEvent what, QueueId id, JourneyId journey, string? messageId, ReversePath sender, EnvelopeAddress recipient, DateTimeOffset now) =>
        new(NameOf(what), $"msg_{Guid.CreateVersion7(now):N}", now, id.Value, journey.Value, messageId, sender.Address?.ToString(), recipient.ToString(), null, null, null, null, 0, null);

    /// <summary>What JSON and settings call an event.</summary>
    private static string NameOf(DeliveryEvent what) => what switch
    {
        DeliveryEvent.Delivered => "delivered",
        DeliveryEvent.Deferred => "deferred",
        DeliveryEvent.Bounced => "bounced",
        DeliveryEvent.Expired => "expired",
        DeliveryEvent.Dropped => "dropped",
        _ => throw new InvalidOperationException($"No such event: {what}"),
    };

    /// <summary>The Message-ID without its angle brackets; <see langword="null"/> when there is none, or it cannot be read now: the notice is told without it.</summary>
    private async ValueTask<string?> MessageIdOfAsync(IMessageContent content)
    {
        try
        {
            return await HeaderPart.ReadAsync(content, CancellationToken.None) is { } header ? HeaderScan.Of(header.Span).MessageId : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoHeader(e);
            return null;
        }
    }

    /// <summary>A sample, for a person who tries a target.</summary>
    public NoticeDocument Sample()
    {
        var now = clock.GetUtcNow();
        return Document(DeliveryEvent.Delivered, QueueId.New(clock), JourneyId.New(clock), "sample@mailsuite.example", ReversePath.Of(EnvelopeAddress.Parse("sender@mailsuite.example")), EnvelopeAddress.Parse("recipient@mailsuite.example"), now) with
        {
            Event = "test",
            Status = "2.0.0",
            Reason = "This is a test. No message was delivered.",
            Host = "mx.mailsuite.example",
            Reply = "250 2.0.0 OK",
            Attempts = 1,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Notices} notices are for webhooks that the settings no longer have; they are deleted")]
    private partial void LogOrphans(int notices);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The header of a message cannot be read; its notice has no Message-ID")]
    private partial void LogNoHeader(Exception error);
}
