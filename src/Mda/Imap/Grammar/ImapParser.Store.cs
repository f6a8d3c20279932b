namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What STORE and SELECT say (RFC 9051 §9, store; RFC 7162 §7).</summary>
internal ref partial struct ImapParser
{
    /// <summary>The messages that a command is about: by UID after the word UID, else by sequence number.</summary>
    public bool TryMessages(bool byUid, out NumberSet messages)
    {
        if (byUid)
        {
            var found = TryUidSet(out var uids);
            messages = uids;
            return found;
        }

        var isSet = TrySequenceSet(out var numbers);
        messages = numbers;
        return isSet;
    }

    /// <summary>What follows the set of STORE and its space, up to the end of the command.</summary>
    public bool TryStoreArguments(out StoreArguments arguments)
    {
        arguments = StoreArguments.None;
        long? unchangedSince = null;
        if (TryOpen())
        {
            if (!TryName("UNCHANGEDSINCE"u8) || !TrySpace() || !TryNumber64(out var modSeq) || !TryClose() || !TrySpace())
                return false;
            unchangedSince = modSeq;
        }

        var sign = TryOctet((byte)'+') ? '+' : TryOctet((byte)'-') ? '-' : '\0';
        var silent = TryName("FLAGS.SILENT"u8);
        if ((!silent && !TryName("FLAGS"u8)) || !TrySpace() || !TryFlags(out var flags, out var keywords) || !IsAtEnd)
            return false;
        arguments = new StoreArguments(sign, silent, flags, keywords, unchangedSince);
        return true;
    }

    /// <summary>The parameters of SELECT and EXAMINE behind the mailbox, up to the end of the command.</summary>
    public bool TrySelectParameters(out SelectParameters parameters)
    {
        parameters = default;
        if (IsAtEnd)
            return true;
        if (!TrySpace() || !TryOpen())
            return false;

        do
        {
            if (!parameters.CondStore && TryName("CONDSTORE"u8))
                parameters = parameters with { CondStore = true };
            else if (parameters.QResync is null && TryName("QRESYNC"u8) && TrySpace() && TryQResync(out var known))
                parameters = parameters with { QResync = known };
            else
                return false;
        }
        while (TrySpace());

        return TryClose() && IsAtEnd;
    }

    private bool TryQResync(out QResyncParameter known)
    {
        known = new QResyncParameter(0, 0, null);
        if (!TryOpen() || !TryNonZeroNumber(out var uidValidity) || !TrySpace() || !TryNumber64(out var modSeq) || modSeq == 0)
            return false;

        UidSet? uids = null;
        if (TrySpace())
        {
            if (!IsAt((byte)'(') && !TryKnownUids(out uids))
                return false;

            // RFC 7162 §3.2.5.2: what the client knows of sequence numbers lets a server that keeps no history tell less. This one keeps it.
            if ((uids is null || TrySpace()) && (!TryOpen() || !TryKnownUids(out _) || !TrySpace() || !TryKnownUids(out _) || !TryClose()))
                return false;
        }

        known = new QResyncParameter(uidValidity, modSeq, uids);
        return TryClose();
    }

    /// <summary>A set without <c>*</c> and <c>$</c> (RFC 7162 §7, known-uids).</summary>
    private bool TryKnownUids(out UidSet? uids)
    {
        uids = null;
        if (!TryUidSet(out var set) || set.IsSaved || set.Ranges.Any(static range => range.First == 0 || range.Last == 0))
            return false;
        uids = set;
        return true;
    }
}
