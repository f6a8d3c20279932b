using System.Buffers;

namespace MailSuite.Mda.Mime;

/// <summary>Buffers that the reading of one message after another uses; one thread at a time.</summary>
internal sealed class MimeScratch
{
    /// <summary>Octets that a buffer keeps for the next message.</summary>
    private const int KeptOctets = 64 * 1024;

    [ThreadStatic]
    private static MimeScratch? _ofThread;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    internal OctetBuffer Text { get; } = new();

    internal OctetBuffer Comment { get; } = new();

    internal OctetBuffer Fragments { get; } = new();

    internal OctetBuffer Wire { get; } = new();

    internal ParameterList Parameters { get; } = new();

    /// <summary>Takes this thread's; no one else has it until <see cref="Return"/>.</summary>
    internal static MimeScratch Rent()
    {
        var scratch = _ofThread ?? new MimeScratch();
        _ofThread = null;
        return scratch;
    }

    internal void Return()
    {
        Text.Clear(KeptOctets);
        Comment.Clear(KeptOctets);
        Fragments.Clear(KeptOctets);
        Wire.Clear(KeptOctets);
        Parameters.Clear();
        _ofThread = this;
    }

    /// <summary>A value in one line: a line end goes (RFC 5322 §2.2.3), and the blank or tab behind it is a blank. Valid until the next use of <see cref="Text"/>.</summary>
    internal ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> value)
    {
        if (!value.ContainsAny(LineEnds))
            return value;
        Text.Truncate(0);
        for (var end = value.IndexOfAny(LineEnds); end >= 0; end = value.IndexOfAny(LineEnds))
        {
            Text.Append(value[..end]);
            var ended = value[end] == '\n';
            value = value[(end + 1)..];
            if (ended && value is [(byte)'\t', ..])
            {
                Text.Append((byte)' ');
                value = value[1..];
            }
        }

        Text.Append(value);
        return Text.Written;
    }
}
