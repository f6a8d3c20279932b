using System.Buffers;

namespace MailSuite.Mta.Delivery;

/// <summary>Sees whether octets are lines of text, as they pass by in blocks.</summary>
internal struct LineScan
{
    /// <summary>Octets of a line without its CRLF (RFC 5322 §2.1.1).</summary>
    private const int MaxLineOctets = 998;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private long _lineOctets;
    private bool _afterCr;
    private bool _hasBareLineEnd;

    /// <summary>Whether a CR or LF has stood alone, at the very end too.</summary>
    public readonly bool HasBareLineEnd => _hasBareLineEnd || _afterCr;

    public bool HasNulOrLongLine { get; private set; }

    /// <summary>Whether the last line has no end.</summary>
    public readonly bool HasOpenEnd => _lineOctets > 0;

    public void Look(ReadOnlySpan<byte> octets)
    {
        HasNulOrLongLine |= octets.Contains((byte)0);
        while (!octets.IsEmpty)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (octets[0] == '\n')
                {
                    octets = octets[1..];
                    continue;
                }

                _hasBareLineEnd = true;
            }

            var end = octets.IndexOfAny(LineEnds);
            _lineOctets += end < 0 ? octets.Length : end;
            HasNulOrLongLine |= _lineOctets > MaxLineOctets;
            if (end < 0)
                return;

            _lineOctets = 0;
            _afterCr = octets[end] == '\r';
            _hasBareLineEnd |= !_afterCr;
            octets = octets[(end + 1)..];
        }
    }
}
