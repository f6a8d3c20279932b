using System.Text;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Acceptance;

/// <summary>Takes messages that were written in this program: the MSA without SMTP. All recipients are judged before anything is stored.</summary>
internal sealed class SubmissionAcceptance(
    RecipientPolicy policy, SenderPolicy senders, SendingLimitPolicy limit, MailAcceptance acceptance, IJourneyRecorder recorder, MtaOptions options, TimeProvider clock) : ISubmission
{
    public async ValueTask<SubmissionOutcome> SubmitAsync(Submission submission, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();
        var content = await ContentScan.OfAsync(submission.Content, cancellationToken);
        var queueId = QueueId.Of(submission.Id, part: 0);
        var refusal = JudgeMessage(submission, content);
        var judged = refusal is null ? await JudgeRecipientsAsync(submission, cancellationToken) : Judged.AllRefused(submission, refusal);
        var outcome = refusal is not null && submission.RefusalReports != RefusalReports.Always
            ? refusal
            : judged.RefusalOf(submission.RefusalReports) ?? await JudgeSubmitterAsync(submission, judged, cancellationToken) ?? await AcceptAsync(submission, content, judged, queueId, at);
        Tell(submission, content, judged, queueId, outcome, at);
        return outcome;
    }

    private SubmissionOutcome.Refused? JudgeMessage(Submission submission, ContentScan content)
    {
        if (submission.Recipients.Count == 0)
            return Refused(StatusCodes.InvalidArguments, "The message has no recipients");
        if (submission.Recipients.Count > options.MaxRecipients)
            return Refused(StatusCodes.TooManyRecipients with { Class = 5 }, $"The message has more than {options.MaxRecipients} recipients");
        if (submission.Content.Octets > options.MaxMessageOctets)
            return Refused(StatusCodes.MessageTooLarge, $"The message is larger than {options.MaxMessageOctets} octets");
        if (content.Header.HasNul)
            return Refused(StatusCodes.SyntaxError, "The header contains a NUL octet");
        return content.Header.ReceivedFields > options.MaxReceivedFields ? Refused(StatusCodes.RoutingLoop, "Too many hops: this message is looping") : null;

        static SubmissionOutcome.Refused Refused(EnhancedStatusCode status, string reason) => new(status, reason, []);
    }

    /// <summary>The system itself may write as anybody and as much as it must.</summary>
    private async ValueTask<SubmissionOutcome?> JudgeSubmitterAsync(Submission submission, Judged judged, CancellationToken cancellationToken) =>
        submission.Submitter is not { } account ? null
            : OutcomeOf(await senders.JudgeAsync(account, submission.ReversePath, cancellationToken))
                ?? OutcomeOf(await limit.CountAsync(account, judged.Recipients, cancellationToken));

    private static SubmissionOutcome? OutcomeOf(PolicyVerdict verdict) => verdict switch
    {
        PolicyVerdict.Defer later => new SubmissionOutcome.Deferred(later.Status, later.Reason),
        PolicyVerdict.Objection never => new SubmissionOutcome.Refused(never.Status, never.Reason, []),
        _ => null,
    };

    private async ValueTask<Judged> JudgeRecipientsAsync(Submission submission, CancellationToken cancellationToken)
    {
        List<EnvelopeAddress> local = [];
        List<EnvelopeAddress> remote = [];
        HashSet<EnvelopeAddress> reached = [];
        List<RecipientRuling.Refuse> refused = [];
        List<Forward> forwards = [];
        foreach (var recipient in submission.Recipients.Distinct())
        {
            switch (await policy.JudgeAsync(recipient, mayRelay: true, cancellationToken))
            {
                case RecipientRuling.Deliver:
                    local.Add(recipient);
                    break;
                case RecipientRuling.Relay:
                    if (reached.Add(recipient))
                        remote.Add(recipient);
                    break;
                case RecipientRuling.Forward forward:
                    if (forward.AlsoHere)
                        local.Add(recipient);
                    forwards.Add(new Forward(recipient, [.. forward.Elsewhere.Where(reached.Add)], IsSeveral: forward.AlsoHere || forward.Elsewhere.Count > 1));
                    break;
                case RecipientRuling.Refuse refuse:
                    refused.Add(refuse);
                    break;
            }
        }

        return new Judged(local, remote, forwards, refused);
    }

    private async ValueTask<SubmissionOutcome> AcceptAsync(Submission submission, ContentScan content, Judged judged, QueueId queueId, DateTimeOffset at)
    {
        var onlyRecipient = submission.Recipients is [var only] ? only : null;
        var protocol = submission.Program is { } program ? $"local ({program})" : "local";
        var received = TraceFields.Received(from: null, options.HostName, protocol, queueId, onlyRecipient, at);
        var outcome = await acceptance.AcceptAsync(new Handover(
            submission.Id, submission.Journey, submission.ReversePath, [.. judged.Local], [.. judged.Remote],
            content.IsSevenBit ? BodyType.SevenBit : BodyType.EightBitMime, NeedsSmtpUtf8(submission, content),
            new PrefixedContent(Encoding.UTF8.GetBytes(received), submission.Content), at)
        {
            AlsoSpooled = [.. judged.Refused.Select(ruling => new SpooledRecipient(ruling.Recipient, ruling.Status.IsPermanent ? new RecipientFailure(ruling.Status, ruling.Reason) : null))],
            // Nobody has given it a name yet, so we may (RFC 3461 §4.4); what comes by SMTP without one is sent on without (§5.2.1).
            Requests = submission.ReversePath.IsNull ? MailRequests.None : MailRequests.None with { EnvelopeId = queueId.Value },
            Forwards = judged.Forwards,
            IsOwn = submission.Submitter is not null,
            DeliveredTo = content.Header.DeliveredTo,
            IsUnattended = submission.RefusalReports == RefusalReports.Always,
        });
        return outcome switch
        {
            AcceptanceOutcome.Accepted => new SubmissionOutcome.Accepted(queueId.Value),
            AcceptanceOutcome.Refused refused => new SubmissionOutcome.Refused(refused.Status, refused.Reason, judged.Local),
            AcceptanceOutcome.Deferred deferred => new SubmissionOutcome.Deferred(deferred.Status, deferred.Reason),
            _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
        };
    }

    /// <summary>An address or a header beyond ASCII needs a server with SMTPUTF8 (RFC 6531 §3.4); a domain does not, by its A-labels.</summary>
    private static bool NeedsSmtpUtf8(Submission submission, ContentScan content) =>
        !content.HeaderIsAscii || submission.ReversePath.Address is { IsAscii: false } || submission.Recipients.Any(recipient => !recipient.IsAscii);

    private void Tell(Submission submission, ContentScan content, Judged judged, QueueId queueId, SubmissionOutcome outcome, DateTimeOffset at)
    {
        var who = submission.Submitter is { } account ? account.Address.ToString() : submission.Program ?? "the system";
        var facts = new MessageFacts
        {
            MessageId = content.Header.MessageId,
            Subject = content.Header.Subject,
            QueueId = queueId.Value,
            ReversePath = submission.ReversePath,
            Recipients = submission.Recipients,
            Octets = submission.Content.Octets,
        };
        recorder.Record(Event(MailRole.Msa, JourneyStep.Submitted, $"{who} submitted the message to {options.HostName}") with { Facts = facts, Peer = who });
        recorder.Record(outcome switch
        {
            SubmissionOutcome.Accepted => Event(MailRole.Msa, JourneyStep.Accepted, $"{options.HostName} accepted the message as {queueId}") with
            {
                Reason = judged.Refused.Count == 0
                    ? "every recipient is local or may be relayed to"
                    : $"the sender gets a report about {string.Join(", ", judged.Refused.Select(refused => refused.Recipient))}",
                Peer = who,
            },
            SubmissionOutcome.Refused refused => Refusal(refused.Status, refused.Reason) with { Recipients = refused.Recipients },
            SubmissionOutcome.Deferred deferred => Refusal(deferred.Status, deferred.Reason),
            _ => throw new InvalidOperationException($"There is no outcome {outcome}."),
        });

        JourneyEvent Refusal(EnhancedStatusCode status, string reason) =>
            Event(MailRole.Msa, JourneyStep.Refused, $"{options.HostName} did not take the message of {who}") with { Reason = $"{status} {reason}", Peer = who };

        JourneyEvent Event(MailRole role, JourneyStep step, string summary) => new(submission.Journey, at, role, step, options.HostName.Ascii, summary);
    }

    private sealed record Judged(
        IReadOnlyList<EnvelopeAddress> Local, IReadOnlyList<EnvelopeAddress> Remote, IReadOnlyList<Forward> Forwards, IReadOnlyList<RecipientRuling.Refuse> Refused)
    {
        /// <summary>Those that the message goes to.</summary>
        public int Recipients => Local.Count + Remote.Count + Forwards.Sum(forward => forward.Targets.Count);

        public static Judged AllRefused(Submission submission, SubmissionOutcome.Refused refusal) =>
            new([], [], [], [.. submission.Recipients.Distinct().Select(recipient => new RecipientRuling.Refuse(recipient, refusal.Status, refusal.Reason))]);

        /// <summary>What the refusals mean for the message; <see langword="null"/> when they do not stop it.</summary>
        public SubmissionOutcome? RefusalOf(RefusalReports reports)
        {
            if (Refused.Count == 0 || reports == RefusalReports.Always || (reports == RefusalReports.WhenOthersGetIt && Recipients > 0))
                return null;

            var permanent = Refused.Where(refusal => refusal.Status.IsPermanent).ToList();
            return permanent is [var first, ..]
                ? new SubmissionOutcome.Refused(first.Status, first.Reason, [.. permanent.Select(ruling => ruling.Recipient)])
                : new SubmissionOutcome.Deferred(Refused[0].Status, Refused[0].Reason);
        }
    }
}
