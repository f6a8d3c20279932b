using System.Buffers;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Store;

/// <summary>A message that comes piece by piece: in memory as long as it is small, then in its body file. Dispose it when it is not staged.</summary>
/// <remarks>A disk that refuses is noted and not thrown: whoever reads from a client reads on to the end of the message.</remarks>
internal sealed class IncomingMessage : IAsyncDisposable
{
    private readonly MailStore _store;
    private readonly MdaOptions _options;
    private readonly int _maxMemory;
    private byte[] _memory;
    private BodyWriting? _writing;

    /// <param name="expected">Octets that will come, as far as is known.</param>
    /// <param name="maxMemory">Octets that may lie in memory.</param>
    internal IncomingMessage(MailStore store, MdaOptions options, long expected, int maxMemory)
    {
        _store = store;
        _options = options;
        _maxMemory = Math.Min(maxMemory, options.LargeMessageOctets);
        _memory = expected <= _maxMemory ? GC.AllocateUninitializedArray<byte>((int)expected) : [];
    }

    internal long Octets { get; private set; }

    /// <summary>Octets of it that lie in memory.</summary>
    internal int InMemory => _writing is null ? (int)Octets : 0;

    /// <summary>Whether there is a NUL in it, which only a literal8 may have.</summary>
    internal bool HasNul { get; private set; }

    /// <summary>Why it cannot be stored; <see langword="null"/> while all is well.</summary>
    internal StoreFault? Fault { get; private set; }

    internal async ValueTask AppendAsync(ReadOnlySequence<byte> octets)
    {
        foreach (var part in octets)
            await AppendAsync(part);
    }

    internal async ValueTask AppendAsync(ReadOnlyMemory<byte> octets)
    {
        HasNul = HasNul || octets.Span.Contains((byte)0);
        if (Fault is not null)
            return;

        try
        {
            if (_writing is null && Octets + octets.Length > _maxMemory)
                await SpillAsync();
            if (_writing is not null)
                await _writing.WriteAsync(octets, CancellationToken.None);
            else
                Keep(octets.Span);
            Octets += octets.Length;
        }
        catch (StoreFault fault)
        {
            Fault = fault;
        }
    }

    /// <summary>The whole of it, and the name of its body file when it has one, which is synced then.</summary>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal (IMessageContent Content, string? File) Finish()
    {
        if (Fault is not null)
            throw Fault;
        if (_writing is null)
            return (new MemoryContent(_memory.AsMemory(0, (int)Octets)), null);
        var name = _writing.Finish();
        return (_store.Bodies.Open(name, Octets), name);
    }

    public ValueTask DisposeAsync() => _writing?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask SpillAsync()
    {
        if (_store.FreeSpace.Octets is { } free && free - _options.LargeMessageOctets < _options.MinFreeOctets)
            throw StoreFault.DiskNearlyFull(free);
        await _store.OpenAsync();
        _writing = _store.Bodies.Begin();
        await _writing.WriteAsync(_memory.AsMemory(0, (int)Octets), CancellationToken.None);
        _memory = [];
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        var end = (int)Octets + octets.Length;
        if (end > _memory.Length)
            Array.Resize(ref _memory, Math.Min(Math.Max(end, _memory.Length * 2), Math.Max(_maxMemory, end)));
        octets.CopyTo(_memory.AsSpan((int)Octets));
    }
}
