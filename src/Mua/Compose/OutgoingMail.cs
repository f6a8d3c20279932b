using System.Collections.Concurrent;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mua.Compose;

/// <summary>Sends what a person wrote: checks it, builds it, submits it, keeps the copy in Sent, and marks what it answers.</summary>
/// <remarks>
/// The submission is the promise; what comes after it (the copy, the marks) is tried and told, and never makes the message go twice:
/// draft, msg-id, journey and both deliveries bear the one id of <see cref="Draft.Id"/>.
/// </remarks>
internal sealed partial class OutgoingMail(
    ISubmission submission, IMailboxes mailboxes, IJourneyRecorder journeys, MessageWriter writer, MuaOptions options, TimeProvider clock, ILogger<OutgoingMail> logger)
{
    private readonly ConcurrentDictionary<DeliveryId, Task<SendOutcome>> _inHand = new();

    /// <summary>Sends the draft; a second call for the same draft while the first runs gets the first one's outcome.</summary>
    internal async Task<SendOutcome> SendAsync(Account from, Draft draft, IReadOnlyList<DraftFile> files, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource<SendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _inHand.GetOrAdd(draft.Id, mine.Task);
        if (running != mine.Task)
            return await running.WaitAsync(cancellationToken);

        try
        {
            // A browser that goes away must not stop half-way what is on its way to the MTA.
            var outcome = await SendOnceAsync(from, draft, files, CancellationToken.None);
            mine.SetResult(outcome);
            return outcome;
        }
        catch (Exception e)
        {
            mine.SetException(e);
            throw;
        }
        finally
        {
            _inHand.TryRemove(draft.Id, out _);
        }
    }

    private async Task<SendOutcome> SendOnceAsync(Account from, Draft draft, IReadOnlyList<DraftFile> files, CancellationToken cancellationToken)
    {
        var errors = new List<DraftError>();
        var envelope = DraftChecks.Check(draft, files.Count, errors);
        if (errors.Count > 0)
            return new SendOutcome.Refused(errors);

        using var source = draft.Source is { } s ? await OpenAsync(from, s, cancellationToken) : null;
        if (source is null && draft.Source is { Kind: DraftKind.Forward or DraftKind.ForwardAttached })
            return Refused(DraftField.Attachments, "The message that you forward is no longer there.");

        using var composed = await ComposeAsync(from, draft, envelope, files, source, cancellationToken);
        if (composed.Content.Octets > options.MaxMessageOctets)
            return Refused(DraftField.Attachments, $"The message is too large: {Sizes.Text(composed.Content.Octets)} where {Sizes.Text(options.MaxMessageOctets)} are the most. Attached files grow by a third on their way.");

        var journey = new JourneyId(draft.Id.Value);
        RecordComposed(journey, from, draft, envelope, composed);
        var outcome = await submission.SubmitAsync(
            new Submission(draft.Id, journey, from, ReversePath.Of(from.Address), envelope.All, composed.Content), cancellationToken);
        switch (outcome)
        {
            case SubmissionOutcome.Accepted accepted:
                var kept = await KeepCopyAsync(from, draft, journey, composed, cancellationToken);
                await MarkSourceAsync(from, draft, cancellationToken);
                return new SendOutcome.Sent(accepted.QueueId, composed.MessageId, journey, kept);
            case SubmissionOutcome.Refused refused when refused.Recipients.Count > 0:
                return new SendOutcome.Refused([.. refused.Recipients.Select(r => new DraftError(envelope.FieldOf(r), $"{r.ToDisplayString()}: {refused.Reason} ({refused.Status})"))]);
            case SubmissionOutcome.Refused refused:
                return Refused(DraftField.Message, $"{refused.Reason} ({refused.Status})");
            case SubmissionOutcome.Deferred deferred:
                return new SendOutcome.Deferred($"{deferred.Reason} ({deferred.Status})");
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome}.");
        }
    }

    private async Task<ComposedMessage> ComposeAsync(
        Account from, Draft draft, DraftEnvelope envelope, IReadOnlyList<DraftFile> files, ReadableMessage? source, CancellationToken cancellationToken)
    {
        // Its parts read from the files and from the source, which it closes: both have been read when it is written.
        using var message = writer.Write(from, draft, envelope, files, source);
        var international = !from.Address.IsAscii || envelope.To.Envelope.Concat(envelope.Cc.Envelope).Any(a => !a.IsAscii);
        return await ComposedMessage.WriteAsync(message, international, large: files.Count > 0 || source is not null, Path.Combine(options.DataDirectory, "compose"), cancellationToken);
    }

    private async Task<ReadableMessage?> OpenAsync(Account account, DraftSource source, CancellationToken cancellationToken)
    {
        if (source.Kind is not (DraftKind.Forward or DraftKind.ForwardAttached))
            return null;
        var stored = await mailboxes.OpenAsync(account.Id, source.Mailbox, source.Uid, cancellationToken);
        return stored is null ? null : await ReadableMessage.OpenAsync(stored.Content, cancellationToken);
    }

    private void RecordComposed(JourneyId journey, Account from, Draft draft, DraftEnvelope envelope, ComposedMessage composed) =>
        journeys.Record(new JourneyEvent(journey, clock.GetUtcNow(), MailRole.Mua, JourneyStep.Composed, options.HostName, $"{from.Address.ToDisplayString()} wrote it and pressed Send.")
        {
            Recipients = envelope.All,
            Facts = new MessageFacts
            {
                MessageId = composed.MessageId,
                Subject = draft.Subject,
                ReversePath = ReversePath.Of(from.Address),
                Recipients = envelope.All,
                Octets = composed.Content.Octets,
            },
        });

    /// <returns>What went wrong, for people; <see langword="null"/> when the copy is kept.</returns>
    private async Task<string?> KeepCopyAsync(Account from, Draft draft, JourneyId journey, ComposedMessage composed, CancellationToken cancellationToken)
    {
        try
        {
            var sent = (await mailboxes.ListAsync(from.Id, cancellationToken)).FirstOrDefault(m => m.Use == SpecialUse.Sent);
            if (sent is null)
                return "It was sent, but there is no mailbox for sent messages to keep a copy in.";

            var append = new MessageAppend(SentCopyOf(draft.Id), composed.Content, MessageFlags.Seen, null, journey);
            return await mailboxes.AppendAsync(from.Id, sent.Id, append, cancellationToken) is AppendOutcome.Refused refused
                ? $"It was sent, but no copy was kept: {refused.Reason}"
                : null;
        }
#pragma warning disable CA1031 // The message has gone; whatever stops its copy must not make the person send it again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNoCopy(logger, journey, e);
            return "It was sent, but no copy could be kept.";
        }
    }

    private async Task MarkSourceAsync(Account from, Draft draft, CancellationToken cancellationToken)
    {
        if (draft.Source is not { } source)
            return;

        var flag = source.Kind is DraftKind.Reply or DraftKind.ReplyAll ? MessageFlags.Answered : MessageFlags.Forwarded;
        try
        {
            await mailboxes.ChangeFlagsAsync(from.Id, source.Mailbox, [source.Uid], flag, MessageFlags.None, cancellationToken);
        }
#pragma warning disable CA1031 // As for the copy.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotMarked(logger, e);
        }
    }

    /// <summary>An id of its own for the copy, the same at every attempt: a message to oneself is delivered and kept.</summary>
    private static DeliveryId SentCopyOf(DeliveryId id)
    {
        Span<byte> octets = stackalloc byte[16];
        id.Value.TryWriteBytes(octets);
        octets[15] ^= 0x53;
        return new DeliveryId(new Guid(octets));
    }

    private static SendOutcome.Refused Refused(DraftField field, string reason) => new([new DraftError(field, reason)]);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message was submitted and its copy in Sent could not be kept (journey {Journey}).")]
    private static partial void LogNoCopy(ILogger logger, JourneyId journey, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message was submitted and what it answers could not be marked.")]
    private static partial void LogNotMarked(ILogger logger, Exception exception);
}
