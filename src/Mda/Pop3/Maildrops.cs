using System.Collections.Concurrent;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Pop3;

/// <summary>Opens maildrops, each for one session at a time (RFC 1939 §4), reads their messages and removes what was deleted.</summary>
/// <remarks>The locks are this program's: no other serves the same store. IMAP and the webmail are not locked out; they never renumber what a session sees.</remarks>
internal sealed class Maildrops(MailStore store, IMailboxes mailboxes, MdaOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<AccountId, bool> _locked = new();

    /// <summary>When each account opened its maildrop last, where a delay is asked for. Forgotten with the program.</summary>
    private readonly ConcurrentDictionary<AccountId, long> _opened = new();

    public async ValueTask<MaildropOpening> OpenAsync(Account account)
    {
        if (LeftOfDelay(account) is { } wait)
            return new MaildropOpening.TooSoon(wait);
        if (!_locked.TryAdd(account.Id, true))
            return new MaildropOpening.InUse();

        var isOpen = false;
        try
        {
            var inbox = (await mailboxes.ListAsync(account.Id, CancellationToken.None)).FirstOrDefault(mailbox => mailbox.Use == SpecialUse.Inbox);
            using var open = inbox is null ? null : await store.Open.OpenAsync(inbox.Id, CancellationToken.None);
            if (open is null)
                return new MaildropOpening.Absent();

            if (options.Pop3.LoginDelay > TimeSpan.Zero)
                _opened[account.Id] = clock.GetTimestamp();
            isOpen = true;
            return new MaildropOpening.Opened(new Maildrop(account, open.Current, () => _locked.TryRemove(account.Id, out _)));
        }
        catch (StoreFault fault)
        {
            return new MaildropOpening.Unavailable(fault.Message);
        }
        finally
        {
            if (!isOpen)
                _locked.TryRemove(account.Id, out _);
        }
    }

    /// <summary>The octets of a message; <see langword="null"/> when it was removed meanwhile. Its first reading is told to its journey.</summary>
    /// <exception cref="StoreFault">It cannot be read now.</exception>
    public async ValueTask<IMessageContent?> ReadAsync(Maildrop maildrop, int number) =>
        (await mailboxes.OpenAsync(maildrop.Account.Id, maildrop.Mailbox, maildrop.UidOf(number), CancellationToken.None))?.Content;

    /// <summary>The UPDATE state: removes the deleted messages, all of them or none, durably. What others have removed meanwhile is removed.</summary>
    /// <exception cref="StoreFault">None was removed.</exception>
    public async ValueTask UpdateAsync(Maildrop maildrop)
    {
        if (maildrop.Count == maildrop.LastNumber)
            return;

        var uids = maildrop.DeletedUids();
        await store.WriteAsync(turn => ExpungeStatements.Expunge(turn, maildrop.Mailbox, maildrop.Account.Id, uids, onlyDeleted: false), takesSpace: false, CancellationToken.None);
        await store.Open.SettleAsync(maildrop.Mailbox);
    }

    private TimeSpan? LeftOfDelay(Account account)
    {
        if (!_opened.TryGetValue(account.Id, out var at))
            return null;
        var left = options.Pop3.LoginDelay - clock.GetElapsedTime(at);
        return left > TimeSpan.Zero ? left : null;
    }
}

internal abstract record MaildropOpening
{
    private MaildropOpening()
    {
    }

    public sealed record Opened(Maildrop Maildrop) : MaildropOpening;

    /// <summary>Another session has it.</summary>
    public sealed record InUse : MaildropOpening;

    /// <summary>The account signed in a moment ago (RFC 2449 §8.1.1).</summary>
    public sealed record TooSoon(TimeSpan Wait) : MaildropOpening;

    /// <summary>There is no INBOX: the account has just been removed.</summary>
    public sealed record Absent : MaildropOpening;

    /// <summary>It cannot be read now.</summary>
    public sealed record Unavailable(string Reason) : MaildropOpening;
}
