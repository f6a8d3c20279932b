using System.Threading.Channels;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Notices;

/// <summary>What waits for one target: the keys of its rows, in their order, and how it goes. The rows themselves stay on disk.</summary>
internal sealed partial class NoticeLine(WebhookTarget target, ILogger logger)
{
    private readonly Channel<long> _keys = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    private int _waiting;
    private long _posted;
    private long _lost;
    private bool _isOverfull;

    public WebhookTarget Target => target;

    public ChannelReader<long> Keys => _keys.Reader;

    /// <summary>Rows that had been put aside when the program ended.</summary>
    public List<NoticeEntry> PutAside { get; } = [];

    /// <summary>Rows on disk, and places taken for some that are being written.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public long Posted => Volatile.Read(ref _posted);

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>It has answered 410 Gone.</summary>
    public bool IsGone { get; set; }

    public DateTimeOffset? LastPostedAt { get; private set; }

    public (string Text, DateTimeOffset At)? LastError { get; private set; }

    public DateTimeOffset? PausedUntil { get; set; }

    public bool Wants(DeliveryEvent what, ReversePath sender, EnvelopeAddress recipient) =>
        !IsGone
        && target.Events.Contains(what)
        && (target.SenderDomains.Count == 0 || (sender.Address is { } address && target.SenderDomains.Contains(address.Domain)))
        && (target.RecipientDomains.Count == 0 || target.RecipientDomains.Contains(recipient.Domain));

    /// <summary>Takes a place for a row that is to be written; what finds none is lost.</summary>
    public bool TryTakePlace()
    {
        if (Interlocked.Increment(ref _waiting) <= target.MaxBacklog)
        {
            _isOverfull = false;
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        LostOne();
        if (!_isOverfull)
        {
            _isOverfull = true;
            LogOverfull(target.Name, target.MaxBacklog);
        }

        return false;
    }

    /// <summary>The row was not written.</summary>
    public void GiveBackPlace() => Interlocked.Decrement(ref _waiting);

    /// <summary>The row is on disk.</summary>
    public void Add(long key) => _keys.Writer.TryWrite(key);

    /// <summary>A row that a start has found.</summary>
    public void AddOld(NoticeEntry entry, bool isPutAside)
    {
        Interlocked.Increment(ref _waiting);
        if (isPutAside)
            PutAside.Add(entry);
        else
            Add(entry.Key);
    }

    public void Taken(DateTimeOffset at)
    {
        Interlocked.Increment(ref _posted);
        LastPostedAt = at;
        MtaMeter.Posted(target.Name, isTaken: true);
    }

    public void Failed(string error, DateTimeOffset at)
    {
        LastError = (error, at);
        MtaMeter.Posted(target.Name, isTaken: false);
    }

    public void LostOne()
    {
        Interlocked.Increment(ref _lost);
        MtaMeter.LostNotice(target.Name);
    }

    /// <summary>Rows are deleted.</summary>
    public void Removed(int rows) => Interlocked.Add(ref _waiting, -rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Name} has {Notices} notices waiting, which is all it may have; what comes until some have gone is lost to it")]
    private partial void LogOverfull(string name, int notices);
}
