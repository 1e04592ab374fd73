using System.Diagnostics;

namespace Gateway.EndToEnd.Tests.Bridge;

/// <summary>A certificate authority and what it signed, made by openssl in a folder.</summary>
internal static class TestCertificates
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static Task AuthorityAsync(string folder, string name) => OpenSslAsync(
        folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
        "-keyout", $"{name}.key", "-out", $"{name}.crt", "-subj", $"/CN={name} authority");

    /// <param name="folder">Where the authority is, and the certificate goes.</param>
    /// <param name="authority">Name of the authority.</param>
    /// <param name="name">Name of the files.</param>
    /// <param name="san">Subject Alternative Name, such as <c>DNS:localhost</c>.</param>
    /// <param name="days">Days that it is valid; -1: it expired yesterday.</param>
    public static async Task SignAsync(string folder, string authority, string name, string san, int days = 30)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.ext"), $"subjectAltName={san}\n");
        await OpenSslAsync(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", $"{name}.key", "-out", $"{name}.csr", "-subj", $"/CN={name}");
        await OpenSslAsync(
            folder, "x509", "-req", "-in", $"{name}.csr", "-CA", $"{authority}.crt", "-CAkey", $"{authority}.key", "-CAcreateserial",
            "-days", $"{days}", "-extfile", $"{name}.ext", "-out", $"{name}.crt");
    }

    private static async Task OpenSslAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(process.ExitCode == 0, error);
    }
}
