namespace MailSuite.Mda.Pop3.Grammar;

/// <summary>Finds where the top of a message ends: the header, the line between, and so many lines of the body (RFC 1939 §7). One object a message.</summary>
internal sealed class TopOfMessage(int bodyLines)
{
    private int _left = bodyLines;
    private bool _inBody;
    private int _lineOctets;
    private byte _last;

    /// <summary>Whether what follows is not of the top any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Looks at the next octets of the message.</summary>
    /// <returns>How many of them are of the top.</returns>
    public int Take(ReadOnlySpan<byte> octets)
    {
        var taken = 0;
        while (!IsOver && taken < octets.Length)
        {
            var rest = octets[taken..];
            var end = rest.IndexOf((byte)'\n');
            var run = end < 0 ? rest.Length : end;
            _lineOctets += run;
            if (run > 0)
                _last = rest[run - 1];
            if (end < 0)
                return octets.Length;

            taken += end + 1;
            EndLine();
        }

        return taken;
    }

    private void EndLine()
    {
        if (_inBody)
            _left--;
        else
            _inBody = _lineOctets == 0 || (_lineOctets == 1 && _last == '\r');
        _lineOctets = 0;
        IsOver = _inBody && _left <= 0;
    }
}
