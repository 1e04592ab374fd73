using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gateway.Core;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>What somebody far away needs to help, in one archive, without any secret.</summary>
internal sealed class SupportBundle(GatewayConfiguration? configuration, MachineFiles files, Redactor redactor)
{
    /// <summary>A day of a busy gateway's log.</summary>
    private const string LogLines = "5000";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly string[] s_system =
    [
        "/etc/os-release", "/proc/version", "/proc/cpuinfo", "/proc/meminfo", "/proc/mounts", "/proc/uptime", "/proc/loadavg", "/proc/device-tree/model", "/proc/net/route", "/etc/resolv.conf",
    ];

    /// <summary>Writes the archive (tar, gzip); only its owner may read it. It must not exist.</summary>
    /// <param name="path">Where.</param>
    /// <param name="reports">Texts by file name: findings, check, status.</param>
    /// <param name="cancellation">Stops it; what was written is removed.</param>
    /// <exception cref="IOException">It cannot be written, or is there already.</exception>
    public async Task WriteAsync(string path, IReadOnlyDictionary<string, string> reports, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        try
        {
            await using var file = new FileStream(path, options);
            await using var zip = new GZipStream(file, CompressionLevel.Optimal);
            await using var tar = new TarWriter(zip, TarEntryFormat.Pax);
            foreach (var (name, text) in reports)
            {
                await AddAsync(tar, name, text, cancellation).ConfigureAwait(false);
            }

            foreach (var source in configuration?.Files ?? [])
            {
                await AddAsync(tar, $"configuration/{Path.GetFileName(source)}", files.Read(Path.GetFullPath(source)) ?? "cannot be read", cancellation).ConfigureAwait(false);
            }

            foreach (var template in configuration?.Templates ?? [])
            {
                await AddAsync(tar, $"configuration/{TemplateFolder.Name}/{Path.GetFileName(template.Path)}", template.Text ?? "cannot be read", cancellation).ConfigureAwait(false);
            }

            await AddAsync(tar, "system.txt", System(), cancellation).ConfigureAwait(false);
            await AddAsync(tar, "log.txt", await LogAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task AddAsync(TarWriter tar, string name, string text, CancellationToken cancellation)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(redactor.Clean(text))), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await tar.WriteEntryAsync(entry, cancellation).ConfigureAwait(false);
    }

    private string System()
    {
        var text = new StringBuilder();
        foreach (var path in s_system)
        {
            text.Append("== ").Append(path).Append('\n').Append(files.Read(path) ?? "not there").Append("\n\n");
        }

        text.Append("== data folder\n");
        foreach (var file in DataFiles())
        {
            text.Append(global::System.Globalization.CultureInfo.InvariantCulture, $"{file.Length,12} {file.LastWriteTimeUtc:u} {file.FullName}\n");
        }

        return text.ToString();
    }

    private List<FileInfo> DataFiles()
    {
        try
        {
            return configuration is null ? [] : [.. new DirectoryInfo(configuration.Gateway.Data).EnumerateFiles("*", SearchOption.AllDirectories)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static async Task<string> LogAsync(CancellationToken cancellation)
    {
        try
        {
            using var journal = Process.Start(new ProcessStartInfo("journalctl", ["-u", "edge-gateway", "-n", LogLines, "--no-pager", "-o", "short-iso"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (journal is not null)
            {
                var output = journal.StandardOutput.ReadToEndAsync(cancellation);
                var errors = journal.StandardError.ReadToEndAsync(cancellation);
                await Task.WhenAll(output, errors).WaitAsync(s_patience, cancellation).ConfigureAwait(false);
                return await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is global::System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"the log cannot be read: {e.Message}";
        }

        return "the log cannot be read";
    }
}
