using System.Collections;
using System.Globalization;
using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Pop3;

/// <summary>The INBOX as it was when its session began, and which of its messages the session has deleted (RFC 1939 §4, §5).</summary>
/// <remarks>What arrives meanwhile is not in it; what others remove meanwhile is, and cannot be read any more. Nothing is removed before the UPDATE state.</remarks>
internal sealed class Maildrop : IDisposable
{
    private readonly MaildropEntries _entries;
    private readonly Action _unlock;
    private BitArray? _deleted;

    /// <param name="unlock">Called once, when the session is over.</param>
    public Maildrop(Account account, MaildropEntries entries, Action unlock)
    {
        Account = account;
        _entries = entries;
        _unlock = unlock;
        Restore();
    }

    public Account Account { get; }

    public MailboxId Mailbox => _entries.Mailbox;

    /// <summary>The highest number that a message has, deleted or not.</summary>
    public int LastNumber => _entries.Uids.Length;

    /// <summary>Messages that are not deleted.</summary>
    public int Count { get; private set; }

    /// <summary>Octets of those.</summary>
    public long Octets { get; private set; }

    public bool Has(MessageNumber number) => number.Value <= LastNumber;

    public bool IsDeleted(int number) => _deleted is not null && _deleted[number - 1];

    public Uid UidOf(int number) => new(_entries.Uids[number - 1]);

    public uint OctetsOf(int number) => _entries.Octets[number - 1];

    /// <summary>The same as long as the message lies in this mailbox, and never another's (RFC 1939 §7, UIDL).</summary>
    public string UniqueIdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_entries.UidValidity.Value}.{_entries.Uids[number - 1]}");

    public void Delete(int number)
    {
        _deleted ??= new BitArray(LastNumber);
        _deleted[number - 1] = true;
        Count--;
        Octets -= OctetsOf(number);
    }

    /// <summary>Takes every deletion back.</summary>
    public void Restore()
    {
        _deleted = null;
        Count = LastNumber;
        Octets = 0;
        foreach (var octets in _entries.Octets)
            Octets += octets;
    }

    /// <summary>What is to be removed in the UPDATE state.</summary>
    public IReadOnlyList<Uid> DeletedUids()
    {
        var uids = new List<Uid>(LastNumber - Count);
        for (var number = 1; number <= LastNumber && uids.Count < LastNumber - Count; number++)
        {
            if (IsDeleted(number))
                uids.Add(UidOf(number));
        }

        return uids;
    }

    public void Dispose() => _unlock();
}
