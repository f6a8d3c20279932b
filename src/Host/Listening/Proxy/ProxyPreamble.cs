using System.Buffers;
using System.IO.Pipelines;

namespace MailSuite.Host.Listening.Proxy;

/// <summary>Takes the header off the front of a connection, before anything else is read or said, TLS included.</summary>
internal static class ProxyPreamble
{
    /// <summary>How long it may take; a proxy sends it at once (proxy-protocol.txt §2 asks for 3 s at least).</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <returns>The header; <see langword="null"/> when what came is none, and the connection must be closed without a word.</returns>
    /// <exception cref="OperationCanceledException">It did not come in time, or the program stops.</exception>
    public static async ValueTask<ProxyHeader?> ReadAsync(PipeReader input, TimeProvider clock, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        while (true)
        {
            var read = await input.ReadAsync(either.Token);
            switch (Read(read.Buffer, out var header, out var consumed))
            {
                case ProxyOutcome.Read:
                    input.AdvanceTo(read.Buffer.GetPosition(consumed));
                    return header;
                case ProxyOutcome.More when !read.IsCompleted:
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    break;
                default:
                    input.AdvanceTo(read.Buffer.End);
                    return null;
            }
        }
    }

    private static ProxyOutcome Read(ReadOnlySequence<byte> octets, out ProxyHeader header, out int consumed)
    {
        var window = octets.Length > ProxyHeader.MaxOctets ? octets.Slice(0, ProxyHeader.MaxOctets) : octets;
        return ProxyHeader.Read(window.IsSingleSegment ? window.FirstSpan : window.ToArray(), out header, out consumed);
    }
}
