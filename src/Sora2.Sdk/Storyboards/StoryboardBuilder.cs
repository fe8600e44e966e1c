using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Puts a storyboard together shot by shot. Positions count from 0. Not thread-safe.</summary>
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
    private readonly List<StoryboardShot> _shots = [];
    private readonly List<ImageInput> _referenceImages = [];

    /// <summary>Adds a shot at the end.</summary>
    /// <param name="scene">What it shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">Images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException">The scene or an image is null.</exception>
    public StoryboardBuilder AddShot(string scene, TimeSpan duration, params ImageInput[] images) => InsertShot(_shots.Count, scene, duration, images);

    /// <summary>Puts a shot before the one at a position; the shots from there on move back.</summary>
    /// <param name="index">The position, 0 to the number of shots.</param>
    /// <param name="scene">What it shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">Images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public StoryboardBuilder InsertShot(int index, string scene, TimeSpan duration, params ImageInput[] images)
    {
        if (index < 0 || index > _shots.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"No shot can be put here: the storyboard has {DisplayFormat.Count(_shots.Count, "shot")}, and positions begin at 0.");
        }

        _shots.Insert(index, Shot(scene, duration, images));
        return this;
    }

    /// <summary>Puts a shot in the place of another.</summary>
    /// <param name="index">The position of the shot to replace.</param>
    /// <param name="scene">What the new one shows.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="images">Images it refers to.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no shot at this position.</exception>
    public StoryboardBuilder ReplaceShot(int index, string scene, TimeSpan duration, params ImageInput[] images)
    {
        CheckShot(index, nameof(index));
        _shots[index] = Shot(scene, duration, images);
        return this;
    }

    /// <summary>Moves a shot to another position; the shots between move up or back by one.</summary>
    /// <param name="from">Where it is.</param>
    /// <param name="to">Where it is afterwards.</param>
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

    /// <summary>Takes a shot out.</summary>
    /// <param name="index">Its position.</param>
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

    /// <summary>The storyboard as it stands. Frame, model and the rest are set with <c>with</c>; limits are checked when it is sent.</summary>
    /// <returns>A storyboard that later changes to this builder do not touch.</returns>
    public Storyboard Build() => new() { Shots = [.. _shots], ReferenceImages = [.. _referenceImages] };

    /// <summary>One readable line: the storyboard as it stands.</summary>
    public override string ToString() => Build().ToString();

    private void CheckShot(int index, string parameter)
    {
        if (index < 0 || index >= _shots.Count)
        {
            throw new ArgumentOutOfRangeException(parameter, index, $"There is no shot at this position: the storyboard has {DisplayFormat.Count(_shots.Count, "shot")}, and positions begin at 0.");
        }
    }

    private static StoryboardShot Shot(string scene, TimeSpan duration, ImageInput[] images)
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
