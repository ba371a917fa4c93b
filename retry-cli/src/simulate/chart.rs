//! The course of all policies as a drawing: one panel a figure, one line a policy, what befell the servers in grey.

use std::iter;

use plotters::coord::Shift;
use plotters::prelude::*;
use retry_core::simulate::{Load, Scenario};

use super::course::Point;
use super::outcome::Outcome;

type Drawn = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// One line of a legend.
struct Line {
    name: String,
    style: ShapeStyle,
    points: Vec<Point>,
}

const WIDTH: u32 = 1000;
const HEAD: u32 = 44;
const LEGEND: u32 = 20;
const PANEL: u32 = 210;
/// Of the last line.
const THIN: u32 = 2;
/// Points of a line at most.
const POINTS: usize = 400;

/// Colours that differ for everybody (Okabe and Ito, 2008), without the yellow.
const COLORS: [RGBColor; 7] = [
    RGBColor(0, 0, 0),
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];
const GREY: RGBColor = RGBColor(225, 225, 225);
const FAINT: RGBColor = RGBColor(240, 240, 240);
const IDEAL: RGBColor = RGBColor(180, 180, 180);

/// What a panel shows, and where a point is in it.
type Figure = (&'static str, fn(&Point) -> Option<(f64, f64)>);

const GOODPUT: Figure = ("goodput: requests that succeed, a second", |point| Some((point.at, point.goodput)));
const LOAD: Figure = ("load: attempts that reach the servers, a second", |point| Some((point.at, point.attempts)));
const QUEUE: Figure = ("queue: requests that wait", |point| Some((point.at, point.queue)));
const BUDGET: Figure = ("budget: retries that each client may make (mean)", |point| Some((point.at, point.budget?)));
/// Of a backlog, what counts is when it is done.
const DELIVERED: Figure = ("delivered: messages so far (grey: the ideal)", |point| Some((point.end, point.delivered)));
const REFUSED: Figure = ("refused: attempts so far", |point| Some((point.end, point.refused)));
const PACE: Figure = ("pace: attempts a second that the pacer lets through", |point| Some((point.at, point.pace?)));

/// The SVG's text.
pub(super) fn draw(scenarios: &[Scenario], outcomes: &[Outcome]) -> Result<String, Box<dyn std::error::Error>> {
    let lines = lines(scenarios, outcomes);
    // A provider with a limit has no queue to speak of.
    let ideal = scenarios.first().map(ideal).unwrap_or_default();
    let mut figures = if ideal.is_empty() { vec![GOODPUT, LOAD, QUEUE] } else { vec![DELIVERED, REFUSED, LOAD] };
    let there = |(_, of): &Figure| lines.iter().flat_map(|line| &line.points).any(|point| of(point).is_some());
    figures.extend([BUDGET, PACE].into_iter().filter(there));
    let head = HEAD + LEGEND * u32::try_from(lines.len())?;
    let height = head + PANEL * u32::try_from(figures.len())? + 24;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE)?;
        let (top, rest) = root.split_vertically(head);
        if let Some(scenario) = scenarios.first() {
            title(&top, scenario, &lines)?;
            let end = lines.iter().filter_map(|line| line.points.last()).map(|point| point.end).fold(1.0, f64::max);
            for (number, (figure, area)) in figures.iter().zip(rest.split_evenly((figures.len(), 1))).enumerate() {
                // The ideal belongs to the first panel.
                let ideal = if number == 0 { &ideal[..] } else { &[] };
                panel(&area, scenario, figure, &lines, ideal, end, number + 1 == figures.len())?;
            }
        }
        root.present()?;
    }
    Ok(svg)
}

/// How a backlog drains at best: nothing where there is no backlog.
fn ideal(scenario: &Scenario) -> Vec<(f64, f64)> {
    const STEPS: u64 = 100;
    let &Load::Backlog { workers, messages } = scenario.load() else { return Vec::new() };
    let point = |step| {
        let delivered = messages * step / STEPS;
        let at = scenario.clone().backlog(workers, delivered).ideal_drain()?;
        Some((at.as_secs_f64(), f64::from(u32::try_from(delivered).ok()?)))
    };
    (0..=STEPS).filter_map(point).collect()
}

/// One for each policy and population.
fn lines(scenarios: &[Scenario], outcomes: &[Outcome]) -> Vec<Line> {
    let mut lines = Vec::new();
    for outcome in outcomes {
        for (population, scenario) in outcome.populations.iter().zip(scenarios) {
            let whose = match scenario.load() {
                Load::Open { .. } if scenarios.len() > 1 => format!(" ({} clients)", population.clients),
                _ => String::new(),
            };
            lines.push(Line {
                name: format!("{}{whose}", outcome.name),
                style: COLORS[lines.len() % COLORS.len()].stroke_width(THIN),
                points: population.course.points(POINTS),
            });
        }
    }
    // Later lines are drawn over earlier ones, and thinner, so that both show where they coincide. Those of a backlog
    // never do for long.
    if scenarios.iter().all(|scenario| scenario.ideal_drain().is_none()) {
        let widths = [THIN, THIN + 2, THIN + 4].into_iter().chain(iter::repeat(THIN + 6));
        lines.iter_mut().rev().zip(widths).for_each(|(line, width)| line.style.stroke_width = width);
    }
    lines
}

fn title(area: &Area<'_>, scenario: &Scenario, lines: &[Line]) -> Drawn {
    area.draw(&Text::new(scenario.name(), (20, 10), ("sans-serif", 20).into_font()))?;
    area.draw(&Text::new(scenario.about(), (20, 32), ("sans-serif", 13).into_font()))?;
    for (number, line) in lines.iter().enumerate() {
        let y = i32::try_from(HEAD + 6 + LEGEND * u32::try_from(number)?)?;
        area.draw(&PathElement::new(vec![(20, y + 8), (50, y + 8)], line.style))?;
        area.draw(&Text::new(line.name.clone(), (58, y + 2), ("sans-serif", 13).into_font()))?;
    }
    Ok(())
}

fn panel(
    area: &Area<'_>,
    scenario: &Scenario,
    (caption, of): &Figure,
    lines: &[Line],
    ideal: &[(f64, f64)],
    end: f64,
    last: bool,
) -> Drawn {
    let values = lines.iter().flat_map(|line| &line.points).filter_map(of).map(|(_, value)| value);
    let top = values.fold(0.0, f64::max).max(1e-3) * 1.08;
    let mut chart = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 13))
        .margin_left(10)
        .margin_right(20)
        .margin_top(6)
        .x_label_area_size(if last { 36 } else { 20 })
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..end, 0.0..top)?;
    for disturbance in scenario.disturbances() {
        let (from, to) = (disturbance.from().as_secs_f64(), disturbance.to().as_secs_f64().min(end));
        if from < to {
            chart.draw_series([Rectangle::new([(from, 0.0), (to, top)], GREY.filled())])?;
        }
    }
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .x_desc(if last { "seconds" } else { "" })
        .x_labels(13)
        .y_labels(6)
        .x_label_formatter(&|second| format!("{second:.0}"))
        .y_label_formatter(&|value| short(*value, top))
        .label_style(("sans-serif", 11))
        .axis_desc_style(("sans-serif", 12))
        .draw()?;
    chart.draw_series(LineSeries::new(ideal.iter().copied(), IDEAL.stroke_width(THIN + 4)))?;
    for line in lines {
        let points = line.points.iter().filter_map(of);
        chart.draw_series(LineSeries::new(points, line.style))?;
    }
    Ok(())
}

/// As many places as a scale up to `top` needs.
fn short(value: f64, top: f64) -> String {
    match top {
        top if top < 1.0 => format!("{value:.2}"),
        top if top < 10.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
