namespace MailSuite.Mda.Mailboxes;

/// <summary>Rights of one identifier on one mailbox (RFC 4314 §2).</summary>
/// <param name="Identifier">An account's folded address or <c>anyone</c>; with <c>-</c> in front the rights are taken away.</param>
internal readonly record struct AccessEntry(string Identifier, MailboxRights Rights);

/// <summary>How a SETACL changes what an identifier has (RFC 4314 §3.1).</summary>
internal enum RightsChange
{
    Replace,
    Add,
    Remove,
}

/// <summary>What the entries of a mailbox come to.</summary>
internal static class AccessList
{
    /// <summary>All who have signed in.</summary>
    internal const string Anyone = "anyone";

    internal const char Negative = '-';

    /// <summary>Entries of one mailbox.</summary>
    internal const int MaxEntries = 500;

    /// <summary>The rights of somebody who is not the owner: what is given to them and to anyone, less what is taken from them or from anyone.</summary>
    /// <param name="identifier">Their folded address.</param>
    internal static MailboxRights Effective(IEnumerable<AccessEntry> entries, string identifier)
    {
        var given = MailboxRights.None;
        var taken = MailboxRights.None;
        foreach (var entry in entries)
            Apply(entry, identifier, ref given, ref taken);
        return given & ~taken;
    }

    internal static void Apply(AccessEntry entry, string identifier, ref MailboxRights given, ref MailboxRights taken)
    {
        var name = entry.Identifier.AsSpan();
        var negative = name is [Negative, ..];
        if (negative)
            name = name[1..];
        if (!name.SequenceEqual(identifier) && !name.SequenceEqual(Anyone))
            return;
        if (negative)
            taken |= entry.Rights;
        else
            given |= entry.Rights;
    }

    internal static MailboxRights Change(MailboxRights present, RightsChange how, MailboxRights rights) => how switch
    {
        RightsChange.Add => present | rights,
        RightsChange.Remove => present & ~rights,
        _ => rights,
    };
}
