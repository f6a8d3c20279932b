using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store;

/// <summary>Hands notices of changed mailboxes to those who listen, on a task of its own: a slow listener never holds up the writer.</summary>
internal sealed partial class MailboxChanges : IMailboxChanges, IAsyncDisposable
{
    /// <summary>Notices that may wait; beyond it the oldest are lost, which the contract allows.</summary>
    private const int MaxWaiting = 10_000;

    private readonly ConcurrentDictionary<AccountId, ImmutableArray<Subscription>> _subscriptions = new();
    private readonly Channel<MailboxChanged> _notices = Channel.CreateBounded<MailboxChanged>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ILogger<MailboxChanges> _logger;
    private readonly Task _loop;

    public MailboxChanges(ILogger<MailboxChanges> logger)
    {
        _logger = logger;
        _loop = Task.Run(LoopAsync);
    }

    public IDisposable Subscribe(AccountId account, Action<MailboxChanged> handler)
    {
        var subscription = new Subscription(this, account, handler);
        _subscriptions.AddOrUpdate(account, static (_, added) => [added], static (_, present, added) => present.Add(added), subscription);
        return subscription;
    }

    public async ValueTask DisposeAsync()
    {
        _notices.Writer.TryComplete();
        await _loop;
    }

    /// <summary>Returns at once.</summary>
    internal void Publish(MailboxChanged change)
    {
        if (!_subscriptions.IsEmpty)
            _notices.Writer.TryWrite(change);
    }

    /// <summary>Tells of what a transaction did. Returns at once.</summary>
    internal void Publish(IReadOnlyCollection<MailboxDelta> deltas)
    {
        if (_subscriptions.IsEmpty)
            return;

        foreach (var delta in deltas)
            _notices.Writer.TryWrite(new MailboxChanged(delta.Account, delta.Mailbox, new ModSeq(delta.ModSeq), delta.Added));
    }

    private async Task LoopAsync()
    {
        await foreach (var notice in _notices.Reader.ReadAllAsync())
        {
            if (!_subscriptions.TryGetValue(notice.Account, out var subscriptions))
                continue;

            foreach (var subscription in subscriptions)
            {
                try
                {
                    subscription.Handler(notice);
                }
                catch (Exception exception)
                {
                    LogHandlerFailed(_logger, notice.Mailbox, exception);
                }
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        while (_subscriptions.TryGetValue(subscription.Account, out var present))
        {
            var rest = present.Remove(subscription);
            if (rest.IsEmpty
                ? _subscriptions.TryRemove(KeyValuePair.Create(subscription.Account, present))
                : _subscriptions.TryUpdate(subscription.Account, rest, present))
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener to changes of mailbox {Mailbox} failed.")]
    private static partial void LogHandlerFailed(ILogger logger, MailboxId mailbox, Exception exception);

    private sealed class Subscription(MailboxChanges owner, AccountId account, Action<MailboxChanged> handler) : IDisposable
    {
        internal AccountId Account => account;

        internal Action<MailboxChanged> Handler => handler;

        public void Dispose() => owner.Remove(this);
    }
}
