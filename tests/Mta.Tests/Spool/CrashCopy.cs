namespace MailSuite.Mta.Tests.Spool;

/// <summary>The disk as a kill -9 at this instant leaves it.</summary>
internal static class CrashCopy
{
    public static void Make(string source, string target)
    {
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            // The shared-memory file is no memory of the disk: SQLite builds it anew from the log.
            if (path.EndsWith("-shm", StringComparison.Ordinal))
                continue;
            var copy = Path.Combine(target, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.Create(copy);
            from.CopyTo(to);
        }
    }
}
