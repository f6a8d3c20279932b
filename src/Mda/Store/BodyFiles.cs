using System.Collections.Concurrent;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Disk;

namespace MailSuite.Mda.Store;

/// <summary>The files of large bodies: states S1, S2 and S4 of Store/README.md.</summary>
internal sealed class BodyFiles(string root)
{
    /// <summary>The folders whose names are surely on disk; there are 256 at most.</summary>
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.Ordinal);

    /// <summary>Writes a body; durable under the name returned, and an orphan until a transaction names it.</summary>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal async Task<string> WriteAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        await using var writing = Begin();
        await using (var source = content.OpenRead())
        {
            await writing.WriteAsync(source, cancellationToken);
        }

        return writing.Finish();
    }

    /// <summary>Begins a body whose octets come piece by piece.</summary>
    /// <exception cref="StoreFault">The disk refused.</exception>
    internal BodyWriting Begin()
    {
        var id = Guid.NewGuid().ToString("N");
        var name = $"{id[..2]}/{id}";
        var folder = Path.GetDirectoryName(PathOf(name))!;
        try
        {
            if (!_named.ContainsKey(folder) || !Directory.Exists(folder))
            {
                // Whoever made it, another delivery or a run that was killed: its name is on disk when this sync is done, and not before.
                Directory.CreateDirectory(folder);
                DirectorySync.Sync(root);
                DirectorySync.Sync(Path.GetDirectoryName(Path.GetFullPath(root))!);
                _named.TryAdd(folder, true);
            }

            return new BodyWriting(name, PathOf(name));
        }
        catch (Exception exception) when (BodyWriting.IsRefusal(exception))
        {
            throw BodyWriting.FaultOf(exception);
        }
    }

    internal IMessageContent Open(string name, long octets) => new FileContent(PathOf(name), octets);

    /// <summary><see langword="null"/> when there is no such file.</summary>
    internal long? OctetsOf(string name) => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : null;

    /// <summary>Deletes a file that no row names; one that cannot be deleted now is found by the next sweep.</summary>
    internal void Delete(string name) => TryDelete(PathOf(name));

    /// <summary>Deletes the file of a message that was not stored; <see langword="null"/> for one that has none.</summary>
    internal void DeleteUncommitted(string? name)
    {
        if (name is not null)
            Delete(name);
    }

    /// <summary>The names of the files last written before <paramref name="instant"/>, unfinished ones too.</summary>
    internal IEnumerable<string> ListWrittenBefore(DateTimeOffset instant)
    {
        if (!Directory.Exists(root))
            yield break;

        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(path) < instant.UtcDateTime)
                yield return Path.GetRelativePath(root, path).Replace('\\', '/');
        }
    }

    private string PathOf(string name) => Path.Combine(root, name);

    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Windows holds a file that somebody reads. The sweep comes back to it.
        }
    }
}
