using System.IO.Compression;
using System.IO.Pipelines;

namespace MailSuite.Mda.Imap;

/// <summary>COMPRESS=DEFLATE (RFC 4978): both directions of a session in raw deflate (RFC 1951).</summary>
/// <remarks>
/// A flush ends at an octet and tells all that was written (RFC 4978 §4), so the client never waits for the rest of a response. What compresses is
/// given back while the session waits: a block may begin anew at any octet, the client's side keeps its window. What decompresses must stay.
/// </remarks>
internal sealed class ImapCompression : IAsyncDisposable
{
    /// <summary>What is read of the client at once; commands are short.</summary>
    private const int ReadOctets = 1024;

    private const int WriteOctets = 16 * 1024;

    private readonly DeflateStream _inflating;
    private readonly Deflating _deflating;

    public ImapCompression(PipeReader input, PipeWriter output)
    {
        _inflating = new DeflateStream(input.AsStream(leaveOpen: true), CompressionMode.Decompress, leaveOpen: true);
        _deflating = new Deflating(output.AsStream(leaveOpen: true));
        Input = PipeReader.Create(_inflating, new StreamPipeReaderOptions(bufferSize: ReadOctets, minimumReadSize: ReadOctets / 2, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(_deflating, new StreamPipeWriterOptions(minimumBufferSize: WriteOctets, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Gives back what it needs to write, between a flush and the next writing.</summary>
    public void Rest() => _deflating.Rest();

    public async ValueTask DisposeAsync()
    {
        // Without a last flush, which nobody waits for any more.
        await Output.CompleteAsync(new ClientGoneException("the session is over"));
        await Input.CompleteAsync();
        await _inflating.DisposeAsync();
        await _deflating.DisposeAsync();
    }

    /// <summary>A stream that compresses what is written to it; a new compressor after each rest.</summary>
    private sealed class Deflating(Stream output) : WriteOnlyStream
    {
        private DeflateStream? _deflate;
        private Target? _target;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Begin().WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _deflate?.FlushAsync(cancellationToken) ?? output.FlushAsync(cancellationToken);

        public void Rest()
        {
            if (_deflate is null)
                return;

            // Its last block must not be written: the stream goes on.
            _target!.IsClosed = true;
            _deflate.Dispose();
            _deflate = null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Rest();
            base.Dispose(disposing);
        }

        private DeflateStream Begin() => _deflate ??= new DeflateStream(_target = new Target(output), CompressionLevel.Optimal, leaveOpen: true);
    }

    private sealed class Target(Stream output) : WriteOnlyStream
    {
        public bool IsClosed { get; set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            IsClosed ? ValueTask.CompletedTask : output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        /// <summary>Only the end of a compressor writes so, and nobody wants it.</summary>
        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }

    private abstract class WriteOnlyStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException("A connection has no length.");

        public override long Position
        {
            get => throw new NotSupportedException("A connection has no position.");
            set => throw new NotSupportedException("A connection has no position.");
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is for writing.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection cannot seek.");

        public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }
    }
}
