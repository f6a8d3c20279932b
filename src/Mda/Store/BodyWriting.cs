using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Disk;
using SQLitePCL;

namespace MailSuite.Mda.Store;

/// <summary>A body file that is being written (state S1 of Store/README.md): finished, synced and named, or gone when it is disposed.</summary>
internal sealed class BodyWriting : IAsyncDisposable
{
    private const string Unfinished = ".tmp";

    private const int BufferOctets = 128 * 1024;

    /// <summary>Linux' ENOSPC and EDQUOT, and Windows' ERROR_DISK_FULL, as .NET gives them in the low word of HResult.</summary>
    private static readonly int[] NoSpace = [28, 122, 0x70];

    private readonly string _name;
    private readonly string _path;
    private readonly FileStream _stream;
    private bool _finished;

    internal BodyWriting(string name, string path)
    {
        _name = name;
        _path = path;
        _stream = new FileStream(path + Unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
    }

    /// <exception cref="StoreFault">The disk refused.</exception>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(octets, cancellationToken);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw FaultOf(exception);
        }
    }

    /// <exception cref="StoreFault">The disk refused.</exception>
    internal async ValueTask WriteAsync(Stream source, CancellationToken cancellationToken)
    {
        try
        {
            await source.CopyToAsync(_stream, BufferOctets, cancellationToken);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            throw FaultOf(exception);
        }
    }

    /// <summary>Syncs and names it.</summary>
    /// <returns>The name under which it is durable, and an orphan until a transaction names it.</returns>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal string Finish()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_path + Unfinished, _path);
            DirectorySync.Sync(Path.GetDirectoryName(_path)!);
            _finished = true;
            return _name;
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            BodyFiles.TryDelete(_path);
            throw FaultOf(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_finished)
            return;
        await _stream.DisposeAsync();
        BodyFiles.TryDelete(_path + Unfinished);
    }

    internal static bool IsRefusal(Exception exception) => exception is IOException or UnauthorizedAccessException;

    internal static StoreFault FaultOf(Exception exception) =>
        new(NoSpace.Contains(exception.HResult & 0xFFFF) ? raw.SQLITE_FULL : raw.SQLITE_IOERR, exception.Message);
}
