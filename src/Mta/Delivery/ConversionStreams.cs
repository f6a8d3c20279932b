using System.Buffers;
using System.Text;
using MailSuite.Mta.Acceptance;

namespace MailSuite.Mta.Delivery;

/// <summary>A stream that is only written to.</summary>
internal abstract class SinkStream : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("This stream is only written to.");

    public override long Position
    {
        get => throw new NotSupportedException("This stream is only written to.");
        set => throw new NotSupportedException("This stream is only written to.");
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is only written to.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is only written to.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is only written to.");

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

/// <summary>Writes into a message, which goes to a file when it is large.</summary>
internal sealed class MessageStream(IncomingMessage message) : SinkStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => message.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        message.Write(buffer.Span);
        return message.SpillAsync();
    }
}

/// <summary>Keeps nothing and sees what passes.</summary>
internal sealed class LookStream : SinkStream
{
    private LineScan _lines;

    public LineScan Lines => _lines;

    public bool HasEightBit { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        HasEightBit = HasEightBit || !Ascii.IsValid(buffer);
        _lines.Look(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
