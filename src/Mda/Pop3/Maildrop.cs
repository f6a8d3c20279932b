using System.Collections;
using System.Globalization;
using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Store.Snapshots;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Pop3;

/// <summary>The INBOX as it was when its session began, and which of its messages the session has deleted (RFC 1939 §4, §5).</summary>
/// <remarks>What arrives meanwhile is not in it; what others remove meanwhile is, and cannot be read any more. Nothing is removed before the UPDATE state.</remarks>
internal sealed class Maildrop : IDisposable
{
    private readonly MailboxSnapshot _messages;
    private readonly Action _unlock;
    private BitArray? _deleted;

    /// <param name="unlock">Called once, when the session is over.</param>
    public Maildrop(Account account, MailboxSnapshot messages, Action unlock)
    {
        Account = account;
        _messages = messages;
        _unlock = unlock;
        Restore();
    }

    public Account Account { get; }

    public MailboxId Mailbox => _messages.Mailbox;

    /// <summary>The highest number that a message has, deleted or not.</summary>
    public int LastNumber => _messages.Count;

    /// <summary>Messages that are not deleted.</summary>
    public int Count { get; private set; }

    /// <summary>Octets of those.</summary>
    public long Octets { get; private set; }

    public bool Has(MessageNumber number) => number.Value <= LastNumber;

    public bool IsDeleted(int number) => _deleted is not null && _deleted[number - 1];

    public Uid UidOf(int number) => new(_messages[number - 1].Uid);

    public uint OctetsOf(int number) => _messages[number - 1].Octets;

    /// <summary>The same as long as the message lies in this mailbox, and never another's (RFC 1939 §7, UIDL).</summary>
    public string UniqueIdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_messages.UidValidity.Value}.{_messages[number - 1].Uid}");

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
        foreach (var chunk in _messages.Chunks)
        {
            foreach (var message in chunk.Span)
                Octets += message.Octets;
        }
    }

    /// <summary>What is to be removed in the UPDATE state.</summary>
    public IReadOnlyList<uint> DeletedUids()
    {
        var uids = new List<uint>(LastNumber - Count);
        for (var number = 1; number <= LastNumber && uids.Count < LastNumber - Count; number++)
        {
            if (IsDeleted(number))
                uids.Add(_messages[number - 1].Uid);
        }

        return uids;
    }

    public void Dispose() => _unlock();
}
