using System.IO.Pipelines;
using System.Text;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>A client that reads nothing, behind a buffer as small as a socket's.</summary>
internal sealed class SlowClient : IAsyncDisposable
{
    private const int BufferOctets = 64 * 1024;

    private readonly Pipe _up = new();
    private readonly Pipe _down = new(new PipeOptions(pauseWriterThreshold: BufferOctets, resumeWriterThreshold: BufferOctets / 2));

    public SlowClient() => Server = new PipeTransport(_up.Reader, _down.Writer, null, null, null);

    public PipeTransport Server { get; }

    /// <summary>Octets that wait for it.</summary>
    public long Waiting
    {
        get
        {
            if (!_down.Reader.TryRead(out var read))
                return 0;
            var octets = read.Buffer.Length;
            _down.Reader.AdvanceTo(read.Buffer.Start);
            return octets;
        }
    }

    public async Task SayAsync(string text) => await _up.Writer.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _down.Reader.CompleteAsync();
        await _up.Writer.CompleteAsync();
        await Server.DisposeAsync();
    }
}
