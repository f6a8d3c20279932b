using System.Collections.Immutable;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Mailboxes;

internal enum NamespaceEvent
{
    Created,
    Deleted,
    Renamed,
    Subscribed,
    Unsubscribed,
    RightsChanged,
    MetadataChanged,
}

/// <summary>A change of mailboxes that has been committed.</summary>
/// <param name="Account">Who owns the mailbox; of a subscription and of a private annotation, whose it is.</param>
/// <param name="Mailbox">0 where there is none, as of a subscription, and of annotations of the server.</param>
/// <param name="Name">As the account sees it.</param>
/// <param name="Subject">Of Renamed the old name, of RightsChanged the identifier, of MetadataChanged the entry.</param>
internal sealed record NamespaceChanged(NamespaceEvent Event, AccountId Account, MailboxId Mailbox, string Name, string? Subject = null);

/// <summary>Tells this process of changes of mailboxes after their commit; those who show an account's mailboxes hear of them as of other changes.</summary>
internal sealed partial class NamespaceChanges(MailboxChanges mailboxes, ILogger<NamespaceChanges> logger)
{
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Calls <paramref name="handler"/>, which must return at once, for each change of any account until the result is disposed.</summary>
    internal IDisposable Subscribe(Action<NamespaceChanged> handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, static (present, added) => present.Add(added), subscription);
        return subscription;
    }

    internal void Publish(NamespaceChanged change)
    {
        if (change.Mailbox != default)
            mailboxes.Publish(new MailboxChanged(change.Account, change.Mailbox, default, 0));
        foreach (var subscription in _subscriptions)
        {
            try
            {
                subscription.Handler(change);
            }
            catch (Exception exception)
            {
                LogHandlerFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener to changes of mailboxes failed.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception);

    private sealed class Subscription(NamespaceChanges owner, Action<NamespaceChanged> handler) : IDisposable
    {
        internal Action<NamespaceChanged> Handler => handler;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._subscriptions, static (present, gone) => present.Remove(gone), this);
    }
}
