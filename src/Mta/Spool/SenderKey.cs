namespace MailSuite.Mta.Spool;

/// <summary>A number that stands for a reverse-path on disk. Two that share one are treated as one sender, which only makes them share a turn.</summary>
internal static class SenderKey
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a over its UTF-16 code units, letters in lower case. Kept on disk: it never changes.</summary>
    /// <param name="reversePath">Without the angle brackets; empty for the null reverse-path.</param>
    public static long Of(ReadOnlySpan<char> reversePath)
    {
        var hash = Offset;
        foreach (var character in reversePath)
            hash = (hash ^ char.ToLowerInvariant(character)) * Prime;
        return (long)hash;
    }
}
