using System.Buffers.Text;

namespace MailSuite.Mda.Mime;

/// <summary>Goes through what this folder wrote for the wire, item by item.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> wire)
{
    private ReadOnlySpan<byte> _rest = wire;

    /// <summary>0 at the end.</summary>
    internal readonly byte Next => _rest.IsEmpty ? (byte)0 : _rest[0];

    internal void Skip(int octets) => _rest = _rest[Math.Min(octets, _rest.Length)..];

    /// <summary>A string, an atom or a whole list, as it stands there.</summary>
    internal ReadOnlySpan<byte> TakeItem()
    {
        var length = 0;
        var depth = 0;
        do
        {
            if (length >= _rest.Length)
                break;
            switch (_rest[length])
            {
                case (byte)'(':
                    depth++;
                    length++;
                    break;
                case (byte)')':
                    depth--;
                    length++;
                    break;
                case (byte)'"':
                    length = QuotedEnd(length + 1);
                    break;
                case (byte)'{':
                    length = LiteralEnd(length);
                    break;
                case (byte)' ':
                    length++;
                    break;
                default:
                    var end = _rest[length..].IndexOfAny(" ()"u8);
                    length = end < 0 ? _rest.Length : length + end;
                    break;
            }
        }
        while (depth > 0);

        length = Math.Min(length, _rest.Length);
        var item = _rest[..length];
        _rest = _rest[length..];
        return item;
    }

    private readonly int QuotedEnd(int at)
    {
        while (at < _rest.Length && _rest[at] != '"')
            at += _rest[at] == '\\' ? 2 : 1;
        return at + 1;
    }

    private readonly int LiteralEnd(int at)
    {
        if (!Utf8Parser.TryParse(_rest[(at + 1)..], out int octets, out var digits) || octets < 0)
            return _rest.Length;
        return (int)Math.Min(_rest.Length, (long)at + 1 + digits + "}\r\n".Length + octets);
    }
}
