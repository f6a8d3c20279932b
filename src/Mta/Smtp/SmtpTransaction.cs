using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mta.Smtp;

/// <summary>A mail transaction: reverse-path, recipients, and what is to become of it (RFC 5321 §3.3).</summary>
internal sealed class SmtpTransaction : IDisposable
{
    /// <summary>Refused recipients that are remembered for the journey; a client may try any number.</summary>
    private const int MaxRefused = 100;

    /// <summary>Aliases of a transaction that forward: for each of them the message is stored once.</summary>
    internal const int MaxForwards = 100;

    private readonly HashSet<EnvelopeAddress> _recipients = [];
    private readonly List<EnvelopeRecipient> _local = [];
    private readonly List<EnvelopeRecipient> _remote = [];
    private readonly List<RefusedRecipient> _refused = [];
    private List<Forward>? _forwards;

    /// <summary>What RCPT named, from the first alias on that leads elsewhere: until then it is what gets the message.</summary>
    private List<EnvelopeAddress>? _named;
    private List<EnvelopeAddress>? _answered;

    /// <param name="session">What the policies said before.</param>
    public SmtpTransaction(ReversePath reversePath, PolicyRecord session, TimeProvider clock)
    {
        Record = new PolicyRecord(session);
        ReversePath = reversePath;
        OnwardReversePath = reversePath;
        Id = DeliveryId.New(clock);
        Journey = JourneyId.New(clock);
        QueueId = QueueId.Of(Id, part: 0);
        ReceivedAt = clock.GetUtcNow();
    }

    public DeliveryId Id { get; }

    public JourneyId Journey { get; }

    public QueueId QueueId { get; }

    public ReversePath ReversePath { get; }

    /// <summary>What the policies said.</summary>
    public PolicyRecord Record { get; }

    /// <summary>The reverse-path with which its mail for other hosts goes on: our name is in front of it when a recipient came to us by a source route.</summary>
    /// <remarks>A transaction has one reverse-path (RFC 821 §3.6), so it is theirs all.</remarks>
    public ReversePath OnwardReversePath { get; set; }

    public BodyType Body { get; set; }

    /// <summary>By which verb it was begun: MAIL, or one of those that bring a message to a screen.</summary>
    public TerminalUse Terminal { get; set; }

    public bool SmtpUtf8 { get; set; }

    /// <summary>Whether the message is answered for each recipient by itself: LMTP (RFC 2033 §4.2).</summary>
    public bool AnswersEach { get; init; }

    /// <summary>Whether its client has authenticated as one of our people.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Recipients in the order of their RCPTs, those that were named twice included: each of these gets an answer where <see cref="AnswersEach"/>.</summary>
    public IReadOnlyList<EnvelopeAddress> Answered => _answered ?? [];

    /// <summary>What other parameters of MAIL asked.</summary>
    public MailRequests Requests { get; set; } = MailRequests.None;

    /// <summary>The reply to MAIL when it is accepted.</summary>
    public SmtpReply OpeningReply { get; set; } = SmtpReplies.SenderOk;

    /// <summary>What SIZE said; 0 when it said nothing.</summary>
    public long DeclaredOctets { get; set; }

    /// <summary>What receives the message, from its first octet on.</summary>
    public MessageReceiver? Receiver { get; set; }

    /// <summary>When MAIL came, and from the final dot on when that came.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>The header of the message, once there is one.</summary>
    public HeaderScan? Header { get; set; }

    /// <summary>Octets of the message as sent.</summary>
    public long? Octets { get; set; }

    /// <summary>Different recipients that get the message, those that aliases lead to counted; naming one twice is no mistake and changes nothing, its parameters neither.</summary>
    public int RecipientCount => _local.Count + _remote.Count + (_forwards?.Sum(forward => forward.Targets.Count) ?? 0);

    /// <summary>Whether one alias more may forward.</summary>
    public bool MayForward => _forwards is not { Count: >= MaxForwards };

    /// <summary>RCPTs that were accepted, as far as each of them costs something.</summary>
    public int AcceptedRcpts => AnswersEach ? Answered.Count : RecipientCount;

    public bool HasRemote => _remote.Count > 0 || _forwards is not null;

    /// <summary>Recipients whose mailboxes are here.</summary>
    public IReadOnlyList<EnvelopeRecipient> Local => _local;

    /// <summary>Those of other hosts, where aliases lead to among them.</summary>
    public IReadOnlyList<EnvelopeRecipient> Remote => _forwards is null ? _remote : [.. _remote, .. _forwards.SelectMany(forward => forward.Recipients)];

    /// <summary>Those that RCPT named and that were accepted: an alias, not where it leads.</summary>
    public IEnumerable<EnvelopeAddress> Recipients => _named ?? _local.Concat(_remote).Select(recipient => recipient.Address);

    /// <summary>The one that RCPT named; <see langword="null"/> when there are several.</summary>
    public EnvelopeAddress? OnlyRecipient => (_named?.Count ?? RecipientCount) == 1 ? Recipients.First() : null;

    public IReadOnlyList<RefusedRecipient> RefusedRecipients => _refused;

    public bool IsAccepted { get; private set; }

    /// <summary>Why the whole message was refused.</summary>
    public SmtpReply? Refusal { get; private set; }

    public void AddLocal(EnvelopeRecipient recipient)
    {
        if (AnswersEach)
            (_answered ??= []).Add(recipient.Address);
        if (TryName(recipient.Address))
            _local.Add(recipient);
    }

    public void AddRemote(EnvelopeRecipient recipient)
    {
        if (TryName(recipient.Address))
            _remote.Add(recipient);
    }

    /// <summary>An alias of ours that leads to other hosts.</summary>
    public void AddForwarded(EnvelopeRecipient alias, IReadOnlyList<EnvelopeAddress> elsewhere, bool alsoHere)
    {
        _named ??= [.. Recipients];
        if (!TryName(alias.Address))
            return;

        if (alsoHere)
            _local.Add(alias);
        (_forwards ??= []).Add(new Forward(alias, [.. elsewhere.Where(_recipients.Add)], IsSeveral: alsoHere || elsewhere.Count > 1));
    }

    private bool TryName(EnvelopeAddress recipient)
    {
        if (!_recipients.Add(recipient))
            return false;

        _named?.Add(recipient);
        return true;
    }

    public void AddRefused(EnvelopeAddress recipient, SmtpReply reply)
    {
        if (_refused.Count < MaxRefused)
            _refused.Add(new RefusedRecipient(recipient, reply));
    }

    public void Accept() => IsAccepted = true;

    public void Refuse(SmtpReply reply) => Refusal = reply;

    /// <summary>Gives back what the message has been held in.</summary>
    public void Dispose() => Receiver?.Dispose();

    public Handover ToHandover(IMessageContent content) => new(Id, Journey, ReversePath, _local, _remote, Body, SmtpUtf8, content, ReceivedAt)
    {
        Terminal = Terminal,
        OnwardReversePath = OnwardReversePath,
        AnswersEach = AnswersEach,
        Forwards = _forwards ?? (IReadOnlyList<Forward>)[],
        DeliveredTo = Header?.DeliveredTo ?? [],
        IsOwn = IsOwn,
        Requests = Requests,
        Into = Record.Quarantine is null ? SpecialUse.Inbox : SpecialUse.Junk,
    };
}

internal readonly record struct RefusedRecipient(EnvelopeAddress Recipient, SmtpReply Reply);
