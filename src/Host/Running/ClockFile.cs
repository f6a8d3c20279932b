using System.Globalization;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Disk;

namespace MailSuite.Host.Running;

/// <summary>How far the clock of a data directory is ahead, in a file of it; no file is no shift. What was put off until a shifted instant is met at the next start.</summary>
internal static class ClockFile
{
    public const string Name = "clock-ahead";

    /// <exception cref="StartException">There is one that cannot be read.</exception>
    public static TimeSpan Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"How far the clock is ahead cannot be read from {path}: {e.Message}", e);
        }

        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var shift) && shift >= TimeSpan.Zero && shift <= IProgramClock.MaxShift
            ? shift
            : throw new StartException($"{path} does not say how far the clock is ahead. Remove it to start with the time on the wall.");
    }

    /// <summary>Writes it whole or not at all; durable when it returns.</summary>
    public static void Write(string dataDirectory, TimeSpan shift)
    {
        var path = Path.Combine(dataDirectory, Name);
        if (shift == TimeSpan.Zero)
        {
            File.Delete(path);
        }
        else
        {
            var beside = path + ".new";
            File.WriteAllText(beside, shift.ToString("c", CultureInfo.InvariantCulture) + "\n");
            DirectorySync.SyncFile(beside);
            File.Move(beside, path, overwrite: true);
        }

        DirectorySync.Sync(dataDirectory);
    }
}
