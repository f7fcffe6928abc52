//! To be written.
/// The tables.
pub struct Standard;
impl Standard {
    /// The bundled tables.
    pub fn bundled() -> &'static Self {
        &Self
    }
}
