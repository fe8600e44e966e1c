using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Builds a <see cref="Storyboard"/> shot by shot. Positions count from 0. Not thread-safe.</summary>
/// <example>
/// <code>
/// var storyboard = new StoryboardBuilder()
///     .AddShot("An eagle takes off", TimeSpan.FromSeconds(5))
///     .AddShot("It circles over the valley", TimeSpan.FromSeconds(5))
///     .AddReferenceImage(ImageInput.FromFile("eagle.png"))
///     .Build() with { AspectRatio = AspectRatio.Portrait9x16 };
/// </code>
/// </example>
public sealed class StoryboardBuilder
{
    private readonly Storyboard _settings;
    private readonly List<StoryboardShot> _shots;
    private readonly List<ImageInput> _referenceImages;

    /// <summary>Creates a builder without shots.</summary>
    public StoryboardBuilder()
        : this(new Storyboard { Shots = [] })
    {
    }

    /// <summary>Creates a builder that begins with the shots, images and settings of a storyboard, such as a saved one.</summary>
    /// <remarks>
    /// The settings include <see cref="GenerationRequest.Key"/>: give the result a key of its own with <c>with</c> if it is another piece
    /// of work.
    /// </remarks>
    /// <param name="storyboard">The storyboard, which does not change.</param>
    public StoryboardBuilder(Storyboard storyboard)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        _settings = storyboard;
        _shots = [.. storyboard.Shots ?? []];
        _referenceImages = [.. storyboard.ReferenceImages];
    }

    /// <summary>Adds a shot at the end.</summary>
    /// <param name="scene">What the shot shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">The images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException">The scene or an image is <see langword="null"/>.</exception>
    public StoryboardBuilder AddShot(string scene, TimeSpan duration, params ImageInput[] images) =>
        InsertShot(_shots.Count, scene, duration, images);

    /// <summary>Inserts a shot at a position; the shots from there on move back.</summary>
    /// <param name="index">The position, from 0 to the number of shots.</param>
    /// <param name="scene">What the shot shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">The images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The position is out of range.</exception>
    public StoryboardBuilder InsertShot(int index, string scene, TimeSpan duration, params ImageInput[] images)
    {
        if (index < 0 || index > _shots.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index),
                index,
                $"A shot cannot be inserted here: {Positions}");
        }

        _shots.Insert(index, CreateShot(scene, duration, images));
        return this;
    }

    /// <summary>Replaces a shot.</summary>
    /// <param name="index">The position of the shot to replace.</param>
    /// <param name="scene">What the new shot shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">The images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no shot at this position.</exception>
    public StoryboardBuilder ReplaceShot(int index, string scene, TimeSpan duration, params ImageInput[] images)
    {
        CheckShot(index, nameof(index));
        _shots[index] = CreateShot(scene, duration, images);
        return this;
    }

    /// <summary>Moves a shot to another position; the shots between move up or back by one.</summary>
    /// <param name="from">The current position.</param>
    /// <param name="to">The new position.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no shot at one of the positions.</exception>
    public StoryboardBuilder MoveShot(int from, int to)
    {
        CheckShot(from, nameof(from));
        CheckShot(to, nameof(to));
        var shot = _shots[from];
        _shots.RemoveAt(from);
        _shots.Insert(to, shot);
        return this;
    }

    /// <summary>Removes a shot.</summary>
    /// <param name="index">The position of the shot.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no shot at this position.</exception>
    public StoryboardBuilder RemoveShot(int index)
    {
        CheckShot(index, nameof(index));
        _shots.RemoveAt(index);
        return this;
    }

    /// <summary>Adds an image for the whole video.</summary>
    /// <param name="image">The image.</param>
    /// <returns>This builder.</returns>
    public StoryboardBuilder AddReferenceImage(ImageInput image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _referenceImages.Add(image);
        return this;
    }

    /// <summary>
    /// Returns the storyboard. Set the model and the other settings with <c>with</c>; those of a given storyboard are kept.
    /// </summary>
    /// <remarks>Limits are checked when it is sent.</remarks>
    /// <returns>A storyboard that does not change with this builder.</returns>
    public Storyboard Build() => _settings with { Shots = [.. _shots], ReferenceImages = [.. _referenceImages] };

    /// <summary>Returns one line about the storyboard so far.</summary>
    public override string ToString() => Build().ToString();

    private string Positions => $"the storyboard has {DisplayFormat.Count(_shots.Count, "shot")}, and positions begin at 0.";

    private void CheckShot(int index, string parameter)
    {
        if (index < 0 || index >= _shots.Count)
        {
            throw new ArgumentOutOfRangeException(
                parameter,
                index,
                $"There is no shot at this position: {Positions}");
        }
    }

    private static StoryboardShot CreateShot(string scene, TimeSpan duration, ImageInput[] images)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(images);
        foreach (var image in images)
        {
            ArgumentNullException.ThrowIfNull(image, nameof(images));
        }

        return new StoryboardShot { Scene = scene, Duration = duration, Images = [.. images] };
    }
}
