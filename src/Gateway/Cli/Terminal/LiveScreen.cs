using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console.Rendering;

namespace Gateway.Cli;

/// <summary>A picture that is painted again and again on a screen of its own; what stood on the terminal before is there again afterwards, however it ends.</summary>
/// <remarks>Spectre.Console draws the tables. Its own live display neither follows a resize nor survives Ctrl+Z, and leaves the terminal as it is on Ctrl+C.</remarks>
internal sealed class LiveScreen : IDisposable
{
    /// <summary>DEC private modes 1049 (screen of its own), 25 (cursor).</summary>
    private const string Enter = "\e[?1049h\e[?25l";

    private const string Leave = "\e[?25h\e[?1049l";

    /// <summary>Mode 2026: what stands between is shown at once, by terminals that know it.</summary>
    private const string Begin = "\e[?2026h\e[H";

    private const string End = "\e[J\e[?2026l";

    private readonly TextWriter _output;
    private readonly Func<(int Width, int Height)> _size;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _again = new(0, 1);
    private readonly PosixSignalRegistration[] _signals;
    private string? _shown;
    private bool _left;

    public LiveScreen(TextWriter output, Func<(int Width, int Height)>? size = null)
    {
        (_output, _size) = (output, size ?? (static () => (Console.WindowWidth, Console.WindowHeight)));
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Repaint()),
            PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Write(Leave)),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
            {
                Write(Enter);
                Repaint();
            }),
        ];
        Write(Enter);
    }

    /// <summary>Whether this is a terminal that a picture can be painted on.</summary>
    public static bool IsPossible(TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Paint now, whatever stands there.</summary>
    public void Repaint()
    {
        lock (_lock)
        {
            _shown = null;
            if (!_left && _again.CurrentCount == 0)
            {
                _again.Release();
            }
        }
    }

    /// <summary>Paints until cancelled: now, when <see cref="Repaint"/> asks for it, and at least once per pace.</summary>
    /// <param name="picture">The picture for so many lines.</param>
    /// <param name="pace">Longest time between two paintings.</param>
    /// <param name="stop">Ends it.</param>
    public async Task ShowAsync(Func<int, IRenderable> picture, TimeSpan pace, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (width, height) = _size();
            Show(Frame(picture(height), width, height));
            await ((Task)_again.WaitAsync(pace, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        lock (_lock)
        {
            Write(Leave);
            _left = true;
        }

        _again.Dispose();
    }

    /// <summary>Line by line over what stood there, so that nothing flickers; cut where the screen ends.</summary>
    internal static string Frame(IRenderable picture, int width, int height)
    {
        var frame = new StringBuilder(Begin);
        foreach (var (i, line) in Drawing.Text(picture, width).TrimEnd('\n').Split('\n').Take(height).Index())
        {
            frame.Append(i == 0 ? "" : "\r\n").Append("\e[K").Append(line);
        }

        return frame.Append(End).ToString();
    }

    /// <summary>A picture that stands there already is not sent over the line again.</summary>
    private void Show(string frame)
    {
        lock (_lock)
        {
            if (frame != _shown)
            {
                Write(frame);
                _shown = frame;
            }
        }
    }

    private void Write(string text)
    {
        lock (_lock)
        {
            if (_left)
            {
                return;
            }

            _output.Write(text);
            _output.Flush();
        }
    }
}
