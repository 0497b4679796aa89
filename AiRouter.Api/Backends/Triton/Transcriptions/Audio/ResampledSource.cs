using System.Numerics;
using System.Runtime.InteropServices;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>The same sound at another sample rate.</summary>
internal sealed class ResampledSource : IAudioSource
{
    private const int Block = 8192;

    private readonly IAudioSource _source;
    private readonly ResampleKernel _kernel;
    private readonly float[] _input;
    private int _count;
    private int _at;
    private int _phase;
    private long _taken;
    private long _given;
    private bool _isOver;

    /// <summary>Reads nothing yet.</summary>
    public ResampledSource(IAudioSource source, int sampleRate)
    {
        _source = source;
        SampleRate = sampleRate;
        _kernel = new ResampleKernel(source.SampleRate, sampleRate);

        // Before its beginning there is silence.
        _count = _kernel.Half - 1;
        _input = new float[_kernel.Taps + Block];
    }

    /// <inheritdoc/>
    public int SampleRate { get; }

    /// <inheritdoc/>
    public string? Problem => _source.Problem;

    /// <summary>The source itself where it has that rate already.</summary>
    public static IAudioSource At(IAudioSource source, int sampleRate) =>
        source.SampleRate == sampleRate ? source : new ResampledSource(source, sampleRate);

    /// <inheritdoc/>
    public int Read(Span<float> mono)
    {
        for (var i = 0; i < mono.Length; i++)
        {
            while (_at + _kernel.Taps > _count)
            {
                if (_isOver)
                {
                    return i;
                }

                Refill();
            }

            if (_isOver && _given * _kernel.Down >= _taken * _kernel.Up)
            {
                return i;
            }

            mono[i] = Dot(_input.AsSpan(_at, _kernel.Taps), _kernel.Phase(_phase));
            _given++;
            _phase += _kernel.Down;
            _at += _phase / _kernel.Up;
            _phase %= _kernel.Up;
        }

        return mono.Length;
    }

    private void Refill()
    {
        var gone = Math.Min(_at, _count);
        _input.AsSpan(gone.._count).CopyTo(_input);
        _count -= gone;
        _at -= gone;
        var read = _source.Read(_input.AsSpan(_count, Block - _kernel.Half));
        _count += read;
        _taken += read;
        if (read < Block - _kernel.Half)
        {
            // Behind its end there is silence too.
            _isOver = true;
            _input.AsSpan(_count, _kernel.Half).Clear();
            _count += _kernel.Half;
        }
    }

    private static float Dot(ReadOnlySpan<float> samples, ReadOnlySpan<float> weights)
    {
        var sums = Vector<float>.Zero;
        var left = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var right = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < left.Length; i++)
        {
            sums += left[i] * right[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = left.Length * Vector<float>.Count; i < samples.Length; i++)
        {
            sum += samples[i] * weights[i];
        }

        return sum;
    }
}
